/** Some of the codes of one code system (https://hl7.org/fhir/R4/valueset.html#filters). */
export type Selection =
  | { kind: 'all' }
  | { kind: 'codes'; codes: readonly string[] }
  /** What the code subsumes, with or without itself. */
  | { kind: 'below'; code: string; self: boolean }
  /** The code and what subsumes it. */
  | { kind: 'above'; code: string }
  /** A property has one of the values. */
  | { kind: 'property'; name: string; values: readonly string[] }
  | { kind: 'exists'; name: string }
  /** A property, the code or the display matches the whole of a regular expression. */
  | { kind: 'matches'; name: string; pattern: string }
  | { kind: 'and'; of: readonly Selection[] }
  | { kind: 'or'; of: readonly Selection[] }
  | { kind: 'not'; of: Selection }
  /** It depends on something that is not held: `what` says on what. */
  | { kind: 'unknown'; what: string };

/** Another name of a concept. */
export interface Designation {
  language?: string;
  use?: { system?: string; code: string; display?: string };
  value: string;
}

export interface ConceptProperty {
  code: string;
  value: string | number | boolean | { system?: string; code: string; display?: string };
  /** Which kind of FHIR value it is: `valueCode`, `valueString`, … */
  type: 'code' | 'string' | 'integer' | 'boolean' | 'dateTime' | 'decimal' | 'Coding';
}

/** A concept of a code system, in memory or in the database. */
export interface Concept {
  code: string;
  display?: string;
  definition?: string;
  designations: readonly Designation[];
  properties: readonly ConceptProperty[];
  /** Codes directly above. */
  parents: readonly string[];
  /** Not valid any more. */
  inactive: boolean;
  /** Groups others, and is not to be chosen itself. */
  abstract: boolean;
}
