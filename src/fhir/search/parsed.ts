import type { Problem } from '../../errors.ts';
import type { SearchQuery, TokenValue } from '../../store/search/types.ts';
import type { Key, Located } from '../../store/types.ts';
import type { Definitions } from '../definitions/types.ts';
import type { AskedCodes, LookedUpCodes } from './looked-up-codes.ts';

/** What a search is read with. */
export interface SearchContext {
  definitions: Definitions;
  /** The number of each search parameter, by `Type.code`. */
  numbers: ReadonlyMap<string, number>;
  /** The FHIR base, so that an absolute URL of this server is a local reference. */
  baseUrl: string;
  /** Epoch milliseconds: for `ap` on dates. */
  now: number;
  /** Finds the resources that reference values name, as the actor sees them. */
  locate(keys: readonly Key[]): Promise<readonly Located[]>;
  /** The codes of a value set, or those above or below a code. Absent: only what FHIR R4 publishes is known. */
  codesOf?(asked: AskedCodes): Promise<readonly TokenValue[]>;
  /** What `codesOf` has answered for the search that is being read. */
  lookedUp?: LookedUpCodes;
}

export interface SearchRequest {
  /** Absent: the whole system. */
  type?: string | undefined;
  /** Of the whole system, only these; all when absent. */
  types?: readonly string[] | undefined;
  /** Only what is in the compartment of a resource, by these parameters. */
  compartment?: Compartment | undefined;
  query: URLSearchParams;
  /** `Prefer: handling=lenient`: what is not understood is left out and said in `warnings`. */
  lenient?: boolean | undefined;
}

/** https://hl7.org/fhir/R4/compartmentdefinition.html */
export interface Compartment {
  of: Key;
  params: readonly number[];
}

export interface ParsedSearch {
  query: SearchQuery;
  includes: readonly IncludeStep[];
  projection: Projection;
  warnings: readonly Problem[];
  /** The parameters as they were used, for the `self` link; `nextLink` adds the place of the next page. */
  self: string;
}

/** One `_include` or `_revinclude`. */
export interface IncludeStep {
  direction: 'forward' | 'reverse';
  /** Also from what was included before. */
  iterate: boolean;
  params: readonly number[];
  /** Forward: the types to include. Reverse: the types referred to (the referrer's is in the parameter). */
  targets?: readonly string[];
}

/** https://hl7.org/fhir/R4/search.html#summary and #elements ; a referral or the directory as another guide has it. */
export interface Projection {
  view?: View;
  summary?: Summary;
  elements?: readonly string[];
}

export const views = ['bser', 'hsds'] as const;
export type View = (typeof views)[number];

export type Summary = 'true' | 'text' | 'data' | 'count' | 'false';
