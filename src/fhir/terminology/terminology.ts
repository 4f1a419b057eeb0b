import type { CodeSystem, ConceptMap, ValueSet } from '@medplum/fhirtypes';
import type { Concept } from '../../store/terminology/types.ts';
import type { ExpandRequest } from './expand.ts';
import type { FoundCode } from './find-code.ts';
import type { TranslateRequest, Translation } from './translate.ts';

/** `unknown`: the hub does not hold the value set, the code system or its version, so it cannot say: never a yes. */
export type Membership = 'in' | 'out' | 'unknown';

/** A code and where it is from. Without a system: the code of a `code` element, whose system its value set implies. */
export interface CodedValue {
  system?: string;
  version?: string;
  code: string;
}

/** https://hl7.org/fhir/R4/codesystem-operation-subsumes.html */
export type Subsumption = 'equivalent' | 'subsumes' | 'subsumed-by' | 'not-subsumed';

/**
 * Code systems, value sets and concept maps: those that FHIR R4 publishes, the hub's own, those of packages and
 * stored ones, and big code systems that were imported. What is in memory is answered at once; where the database has
 * to be asked, the answer is a promise.
 */
export interface Terminology {
  /**
   * Whether a value set has a code. A value set that cannot be understood (a circle) is as good as none: `unknown`.
   *
   * @param valueSet its canonical URL (`|version` may follow), or the value set itself
   */
  member(valueSet: string | ValueSet, coding: CodedValue): Membership | Promise<Membership>;
  /** Whether a code system has the code; `unknown` where the hub does not hold the system, or not all of it. */
  codeExists(coding: CodedValue): Membership | Promise<Membership>;

  /** The concept; undefined where the system is not held or does not have it. */
  find(coding: CodedValue & { system: string }): Promise<FoundCode | undefined>;
  /** Codes directly below. */
  children(coding: CodedValue & { system: string }): Promise<readonly string[]>;
  /** The systems of which a value set has the code. */
  systemsOf(valueSet: string | ValueSet, code: string): Promise<string[]>;
  /** How the value set itself calls a code that it lists. */
  listedDisplay(valueSet: string | ValueSet, coding: CodedValue): Promise<string | undefined>;
  /** Undefined where one of the codes or the system is not held. */
  subsumes(
    system: string,
    version: string | undefined,
    a: string,
    b: string,
  ): Promise<Subsumption | undefined>;
  expand(request: ExpandRequest): Promise<ValueSet>;
  translate(request: TranslateRequest): Promise<Translation>;

  /** Whether all of the system is held, in that version. */
  holds(system: string, version?: string): Promise<boolean>;
  valueSet(canonical: string): Promise<ValueSet | undefined>;
  conceptMap(canonical: string): Promise<ConceptMap | undefined>;
  /** A code system given as a resource instead of by URL. */
  concept(system: CodeSystem, code: string): Concept | undefined;
}
