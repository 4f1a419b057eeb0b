import type { IndexTable } from '../../store/search/types.ts';
import type { Key, Located } from '../../store/types.ts';
import { Hierarchy } from '../definitions/hierarchy.ts';
import type { Component, Definitions, SearchParam } from '../definitions/types.ts';
import { CodeSet } from '../definitions/value-set.ts';
import { parseSearch } from './parse.ts';
import type { ParsedSearch, SearchContext } from './parsed.ts';

/** For tests of reading a search: a handful of search parameters, numbered from 1 in this order. */
const lines = [
  'Patient name string',
  'Patient birthdate date',
  'Patient gender token',
  'Patient identifier token',
  'Patient organization reference Organization',
  'Patient general-practitioner reference Practitioner,PractitionerRole,Organization',
  'Patient _tag token',
  'Patient _profile uri',
  'Group identifier token',
  'Group _tag token',
  'Organization name string',
  'Organization partof reference Organization',
  'Practitioner name string',
  'PractitionerRole role token',
  'Task status token',
  'Task focus reference',
  'Task owner reference Organization,Practitioner,PractitionerRole',
  'Task based-on reference',
  'ServiceRequest subject reference Patient,Group,Device,Location',
  'ServiceRequest patient reference Patient',
  'ServiceRequest instantiates-canonical reference PlanDefinition,ActivityDefinition',
  'ServiceRequest authored date',
  'Observation patient reference Patient',
  'Observation code token',
  'Observation value-quantity quantity',
  'Observation code-value-quantity composite',
  'RiskAssessment probability number',
  'Location near special',
  'ValueSet url uri',
] as const;

const tables: Record<SearchParam['kind'], IndexTable> = {
  token: 'tok',
  reference: 'ref',
  string: 'str',
  date: 'dt',
  number: 'num',
  quantity: 'qty',
  uri: 'uri',
  special: 'pos',
  composite: 'tuple',
};

const codeAndQuantity: Component[] = [
  { code: 'code', kind: 'token', targets: [], expression: 'code' },
  { code: 'value-quantity', kind: 'quantity', targets: [], expression: 'value' },
];

const params: SearchParam[] = lines.map(line => {
  const [type = '', code = '', kind, targets] = line.split(' ') as [
    string,
    string,
    SearchParam['kind'],
    string?,
  ];
  const about = { url: '', expression: '', documentation: '' };
  return {
    name: `${type}.${code}`,
    type,
    code,
    kind,
    table: tables[kind],
    targets: targets?.split(',') ?? [],
    ...about,
    ...(kind === 'composite' ? { components: codeAndQuantity } : {}),
  };
});

const types = new Set([...params.map(param => param.type), 'Device', 'PlanDefinition', 'ActivityDefinition']);

const common = (type: string): SearchParam[] =>
  [
    { code: '_id', kind: 'token' as const, table: 'tok' as const },
    { code: '_lastUpdated', kind: 'date' as const, table: 'dt' as const },
  ].map(it => ({
    ...it,
    name: `${type}.${it.code}`,
    type,
    targets: [],
    url: '',
    expression: '',
    documentation: '',
  }));

const definitions: Definitions = {
  resourceTypes: types,
  searchParameters: type => {
    const own = params.filter(param => param.type === type);
    return new Map([...own, ...common(type)].map(param => [param.code, param]));
  },
  allSearchParameters: () => params,
  valueSet: url => (url === 'urn:example:letters' ? new CodeSet({ 'urn:letters': ['a', 'b'] }) : undefined),
  hierarchy: system =>
    system === 'urn:letters' ? new Hierarchy({ a: ['vowel'], e: ['vowel'], vowel: ['letter'] }) : undefined,
};

/** The number of a parameter in the small definitions. */
export const numberOf = (name: string): number => params.findIndex(param => param.name === name) + 1;

/** The resources that exist, with their row numbers. */
const there: Record<string, number> = {
  'Patient/1': 11,
  'Patient/2': 12,
  'Group/1': 13,
  'Patient/hidden': 14,
  'Patient/deleted': 15,
  'Organization/1': 16,
};

const context: SearchContext = {
  definitions,
  numbers: new Map(params.map(param => [param.name, numberOf(param.name)])),
  baseUrl: 'https://hub.example/fhir',
  now: Date.parse('2026-03-01T00:00:00Z'),
  locate: async keys => keys.flatMap(find),
};

function find({ type, id }: Key): Located[] {
  const rid = there[`${type}/${id}`];
  if (rid === undefined) return [];
  return [
    {
      type,
      id,
      rid,
      ver: 1,
      deleted: id === 'deleted',
      visible: id !== 'hidden',
      source: 'o',
      origin: 'o',
      patient: null,
    },
  ];
}

/** Reads `Type?query`, or `?query` over the whole system. */
export function readSmall(search: string, lenient = false): Promise<ParsedSearch> {
  const at = search.indexOf('?');
  const query = new URLSearchParams(search.slice(at + 1));
  return parseSearch(context, { type: search.slice(0, at) || undefined, query, lenient });
}
