import type { Resource } from '@medplum/fhirtypes';
import type { IndexTable } from '../../store/search/types.ts';
import type { Hierarchy } from './hierarchy.ts';
import type { CodeSet } from './value-set.ts';

/** What the hub knows of FHIR: compiled from the published definitions, cached on disk. */
export interface Definitions {
  resourceTypes: ReadonlySet<string>;
  /** By code: the type's own parameters and those of Resource and DomainResource (`_id`, `_profile`, …). */
  searchParameters(type: string): ReadonlyMap<string, SearchParam>;
  /** Every parameter that is indexed, `Type.code` each once. */
  allSearchParameters(): readonly SearchParam[];
  /** A value set all of whose codes are known, by canonical URL without version. */
  valueSet(url: string): CodeSet | undefined;
  /** What subsumes what in a code system that is known whole, by its URL. */
  hierarchy(system: string): Hierarchy | undefined;
}

export interface SearchParam {
  /** `Type.code`: the name that `Store.params` numbers. */
  name: string;
  type: string;
  code: string;
  /** https://hl7.org/fhir/R4/search.html#ptypes */
  kind: 'number' | 'date' | 'string' | 'token' | 'reference' | 'composite' | 'quantity' | 'uri' | 'special';
  /** The index table its values are in. */
  table: IndexTable;
  /** Resource types a reference may point to. */
  targets: readonly string[];
  url: string;
  expression: string;
  documentation: string;
  /** Of a composite: its parts, evaluated on each element that the expression finds. */
  components?: readonly Component[];
}

/** One part of a composite: the parameter that it is, of the type where it is found. */
export interface Component {
  code: string;
  kind: Exclude<SearchParam['kind'], 'composite' | 'special'>;
  targets: readonly string[];
  expression: string;
}

/** The values of all search parameters of one resource, with references still as written. */
export interface Extracted {
  tok: [param: number, code: string, sys: string][];
  /** Literal references to resources of this server: `Type/id`. */
  ref: [param: number, target: string][];
  str: [param: number, norm: string][];
  dt: [param: number, lo: number, hi: number][];
  num: [param: number, val: number][];
  qty: [param: number, code: string, val: number, sys: string][];
  /** Also absolute references to other servers, under the reference parameter's number. */
  uri: [param: number, uri: string][];
  pos: [param: number, lat: number, lon: number][];
  /** Of composites; what a part's kind does not use is '' or 0. */
  tuple: [param: number, part: number, grp: number, code: string, sys: string, lo: number, hi: number][];
}

/** Evaluates the compiled expressions of a resource's parameters. */
export type Extract = (resource: Resource) => Extracted;
