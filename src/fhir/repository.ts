import type { OperationOutcome, Resource } from '@medplum/fhirtypes';
import type { Actor } from '../access/actor.ts';
import type { FeedCursor } from '../store/types.ts';
import type { LabelsInUse } from './labels-in-use.ts';
import type { Asking } from './withheld.ts';

/**
 * The FHIR data of the hub as one Actor sees it: the only door for pages, bots, HL7 v2 and the FHIR API.
 * Absent and forbidden are the same `not-found`.
 */
export interface Repository {
  readonly actor: Actor;
  read(type: string, id: string): Promise<Stored>;
  vread(type: string, id: string, versionId: string): Promise<Stored>;
  /** A searchset page. `query` is what follows the `?`; `type` absent searches the whole system. */
  search(type: string | undefined, query: URLSearchParams, options?: SearchOptions): Promise<SearchResult>;
  history(request: { type?: string; id?: string; query: URLSearchParams }): Promise<SearchResult>;
  /** Profiles, tags and security labels of what is there, of a type or of everything. */
  labels(type?: string): Promise<LabelsInUse>;
  /** Those of the organizations (ids) that would not be shown all of these, because of their labels, if they were asked. */
  withheldFrom(asking: Asking, organizations: readonly string[]): Promise<ReadonlySet<string>>;
  /** One commit: all of the operations or none, references between them resolved, in any order. */
  write(operations: readonly WriteOperation[], options?: WriteOptions): Promise<WriteResult[]>;
}

/** A stored resource: `body` is the exact JSON, `resource()` parses it on demand. */
export interface Stored<R extends Resource = Resource> {
  type: string;
  id: string;
  versionId: string;
  lastUpdated: Date;
  /** Organization id that owns the resource. */
  source: string;
  /** Organization id whose information it is: of what the hub passes on, who sent it; else the owner. */
  origin: string;
  /** Patient id whose compartment the resource is in. */
  patient: string | null;
  /** Restricted labels as a bit mask (`access/labels.ts`). */
  label: number;
  body: string;
  resource(): R;
}

export interface SearchOptions {
  /** `Prefer: handling=lenient`: unknown parameters are ignored, and said in an outcome entry. */
  lenient?: boolean;
  /** Only what is in the compartment of this resource. */
  compartment?: { type: string; id: string };
}

export interface SearchResult {
  entries: SearchEntry[];
  total?: number;
  /** Query strings (without `?`) of this page and the next. */
  self: string;
  next?: string;
  outcome?: OperationOutcome;
  /** Restricted labels of what the page shows to who is not its source: it goes out with a notice. */
  disclosed?: number;
}

export interface SearchEntry {
  mode: 'match' | 'include';
  stored: Stored;
  /** In kilometers, of a Location that was searched for `near` a place. */
  distance?: number;
  /** History entries: what was done; a deletion has no body. */
  op?: 'create' | 'update' | 'delete';
}

export type WriteOperation =
  /** `inNameOf`: the hub alone creates for another Organization, whose own the resource then is. */
  | { kind: 'create'; resource: Resource; fullUrl?: string; ifNoneExist?: string; inNameOf?: string }
  /** `inNameOf` as for a create, when the hub gives the id. */
  | {
      kind: 'update';
      type: string;
      id?: string;
      condition?: string;
      resource: Resource;
      fullUrl?: string;
      ifMatch?: string;
      inNameOf?: string;
    }
  | {
      kind: 'patch';
      type: string;
      id?: string;
      condition?: string;
      patch: Patch;
      ifMatch?: string;
      fullUrl?: string;
    }
  | { kind: 'delete'; type: string; id?: string; condition?: string; ifMatch?: string };

/** JSON Patch (RFC 6902) or a FHIRPath Patch Parameters resource. */
export type Patch = { format: 'json'; operations: unknown } | { format: 'fhirpath'; parameters: Resource };

export interface WriteOptions {
  /** Nothing is written where something that the actor may see fits this: HubError('conflict'). */
  unless?: { type: string; query: string };
  /** Why, kept with each version: a bot's name, `import`, … */
  purpose?: string;
  /** Moves a bot's place in the change feed in the same commit. */
  cursor?: { name: string; from: FeedCursor | null; to: FeedCursor };
}

export interface WriteResult {
  outcome: 'created' | 'updated' | 'unchanged' | 'deleted' | 'found';
  stored?: Stored;
}
