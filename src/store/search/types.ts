import type { Rid, StoredVersion } from '../types.ts';

/** A search as the store understands it: parameters are numbers, values are normalized and typed. */
export interface SearchQuery {
  /** One type, or several for a search over the whole system. */
  types: readonly string[];
  /** All must hold. */
  filters: readonly Filter[];
  sort: readonly SortKey[];
  count: number;
  /** Where the page before ended, as given out in `SearchPage.next`. */
  after?: string;
  /** `accurate` counts all matches; `none` does not. */
  total: 'none' | 'estimate' | 'accurate';
}

/** One search parameter's condition. `any`: one of the values is enough. */
export type Filter =
  | { kind: 'token'; param: number; any: readonly TokenValue[]; negate?: boolean }
  | { kind: 'reference'; param: number; any: readonly Rid[] }
  | { kind: 'string'; param: number; any: readonly StringValue[] }
  | { kind: 'date'; param: number; any: readonly RangeValue[] }
  | { kind: 'number'; param: number; any: readonly RangeValue[] }
  | { kind: 'quantity'; param: number; any: readonly QuantityValue[] }
  | { kind: 'uri'; param: number; any: readonly UriValue[] }
  /** Whether the resource has a row of the parameter in one of the tables (a reference may be in several). */
  | { kind: 'missing'; param: number; tables: readonly IndexTable[]; missing: boolean }
  | { kind: 'id'; any: readonly string[] }
  | { kind: 'lastUpdated'; any: readonly RangeValue[] }
  /** A referenced resource (of one of the types, itself visible) satisfies the filter. */
  | { kind: 'chain'; param: number; types: readonly string[]; filter: Filter }
  /** A visible resource of the type refers to this one by the parameter and satisfies the filter. */
  | { kind: 'has'; type: string; param: number; filter: Filter }
  /** A composite: one group of values of which each part matches. */
  | { kind: 'tuple'; param: number; parts: readonly TuplePart[] }
  /** A position within so many meters. */
  | { kind: 'near'; param: number; any: readonly Nearby[] }
  /** In the compartment of a resource, by any of the parameters; or that resource itself. */
  | { kind: 'compartment'; target: Rid; params: readonly number[] }
  /** Words in the narrative or anywhere. */
  | { kind: 'text'; column: 'narrative' | 'content'; query: TextQuery }
  /** One of several alternatives (a chain whose target may be of several types). */
  | { kind: 'or'; filters: readonly Filter[] }
  /** Nothing can match (a reference to what does not exist). */
  | { kind: 'never' };

export type IndexTable = 'tok' | 'ref' | 'str' | 'dt' | 'num' | 'qty' | 'uri' | 'pos' | 'tuple';

/** What one part of a composite asks; references are texts, `Type/id` or a URL. */
export type TuplePart =
  | ({ kind: 'token' } & TokenValue)
  | ({ kind: 'string' } & StringValue)
  | ({ kind: 'range' } & RangeValue)
  | ({ kind: 'quantity' } & QuantityValue)
  | { kind: 'reference'; target: string };

/** Degrees of WGS84, and meters along the surface. */
export interface Nearby {
  lat: number;
  lon: number;
  within: number;
}

/** One of the alternatives: all of its terms, none of those ruled out. */
export interface TextQuery {
  any: readonly { all: readonly TextTerm[]; none: readonly TextTerm[] }[];
}

/** Words that follow each other; `prefix`: the last one is a beginning. */
export interface TextTerm {
  words: readonly string[];
  prefix: boolean;
}

/** `sys: null` any system; `''` no system. `code: null` any code of the system. */
export interface TokenValue {
  sys: string | null;
  code: string | null;
}
/** `text`: for `exact`, the string as it must be written in the resource, case and accents included. */
export interface StringValue {
  norm: string;
  match: 'prefix' | 'exact' | 'contains';
  text?: string;
}
/** https://hl7.org/fhir/R4/search.html#prefix : the value is the range lo..hi, both ends inclusive. */
export interface RangeValue {
  prefix: 'eq' | 'ne' | 'gt' | 'lt' | 'ge' | 'le' | 'sa' | 'eb' | 'ap';
  lo: number;
  hi: number;
}
export interface QuantityValue extends RangeValue {
  sys: string | null;
  code: string | null;
}
/** `below`: the uri or what its path leads to; `above`: the uri or what leads to it. */
export interface UriValue {
  uri: string;
  match: 'exact' | 'above' | 'below';
}

export type SortKey =
  | { kind: 'lastUpdated'; descending: boolean }
  | { kind: 'id'; descending: boolean }
  | { kind: 'param'; param: number; table: IndexTable; descending: boolean };

export interface SearchPage {
  entries: StoredVersion[];
  /** Opaque place after the last entry; absent on the last page. */
  next?: string;
  total?: number;
}

/** `_include` and `_revinclude` as the store answers them, from the index of references. */
export interface IncludeRequest {
  /** `forward`: what these refer to by the parameters; `reverse`: what refers to these by them. */
  direction: 'forward' | 'reverse';
  rids: readonly Rid[];
  params: readonly number[];
  /** Only targets (or referrers) of these types; absent: any. */
  types?: readonly string[];
  limit: number;
}
