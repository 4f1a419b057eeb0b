import type { Concept, Selection } from './types.ts';

/** A code system that was imported from its release. */
export interface ImportedSystem {
  num: number;
  url: string;
  version: string;
  /** How many concepts it has. */
  total: number;
  /** Epoch milliseconds. */
  at: number;
  about: SystemAbout;
}

/** What an imported code system says of itself. */
export interface SystemAbout {
  name: string;
  /** What its owner wants to be shown with it. */
  notice?: string;
}

/** A terminology resource that every signed-in actor may read. */
export interface StoredCanonical {
  type: string;
  url: string;
  seq: number;
}

/** Which of the selected concepts, in the order of the code system. */
export interface ConceptPage {
  selection: Selection;
  /** The beginnings of words that a concept must have, all of them; normalized. */
  words: readonly string[];
  activeOnly: boolean;
  offset: number;
  count: number;
}

/** A concept with its place in the file that is being imported, and what is indexed of it. */
export interface PlacedConcept {
  pos: number;
  concept: Concept;
  /** Places of what it subsumes, itself among them: from and to, inclusive. */
  ranges: readonly (readonly [lo: number, hi: number])[];
  words: readonly string[];
  /** What filters find it by. */
  properties: readonly (readonly [name: string, value: string])[];
}

/** An import under way: `done` concepts of it are in the database. */
export interface Loading {
  num: number;
  done: number;
}

/** Terminology in the database: imported code systems, and what is to be known of stored resources. */
export interface TerminologyStore {
  /** Another text whenever a stored terminology resource or an imported code system has changed. */
  revision(): Promise<string>;
  /** All terminology resources that are open, by canonical URL. */
  stored(): Promise<StoredCanonical[]>;
  bodies(seqs: readonly number[]): Promise<{ seq: number; body: string }[]>;

  systems(): Promise<ImportedSystem[]>;
  /** The concepts with these codes, in no order. */
  concepts(num: number, codes: readonly string[]): Promise<Concept[]>;
  children(num: number, code: string): Promise<string[]>;
  /** Which of the codes are selected. */
  selected(num: number, codes: readonly string[], selection: Selection): Promise<string[]>;
  page(num: number, page: ConceptPage): Promise<{ concepts: Concept[]; total: number }>;
  /** Codes and displays after a code, for what no index answers. */
  scan(num: number, after: string, limit: number): Promise<Concept[]>;

  /** Starts an import, or goes on with the one of the same content that was cut short. */
  startLoading(system: Omit<ImportedSystem, 'num'> & { digest: string }): Promise<Loading>;
  /** Adds the next concepts; false when another process has added them. */
  load(loading: Loading, concepts: readonly PlacedConcept[]): Promise<boolean>;
  /** The import takes the place of the same version, at once. */
  finishLoading(num: number): Promise<void>;
  /** Takes an imported version out of use; false where there is none. */
  removeSystem(url: string, version: string): Promise<boolean>;
  /** Deletes a part of what is not in use any more; false when nothing is left to delete. */
  sweep(limit: number): Promise<boolean>;
}
