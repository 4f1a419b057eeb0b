import { describe, expect, it } from 'vitest';
import type { Filter } from '../../store/search/types.ts';
import { nextLink } from './parse.ts';
import { numberOf, readSmall } from './small-definitions.ts';

const at = (text: string) => Date.parse(text);
const day = (text: string) => ({ lo: at(text), hi: at(text) + 86_399_999 });

describe('filters', () => {
  const token = (name: string, ...any: [string | null, string | null][]): Filter => ({
    kind: 'token',
    param: numberOf(name),
    any: any.map(([sys, code]) => ({ sys, code })),
  });
  const reference = (name: string, ...any: number[]): Filter => ({
    kind: 'reference',
    param: numberOf(name),
    any,
  });
  const string = (name: string, norm: string): Filter => ({
    kind: 'string',
    param: numberOf(name),
    any: [{ norm, match: 'prefix' }],
  });
  const cases: Record<string, Filter[]> = {
    'Patient?gender=female': [token('Patient.gender', [null, 'female'])],
    'Patient?gender=female,male': [token('Patient.gender', [null, 'female'], [null, 'male'])],
    'Patient?identifier=urn:x|7': [token('Patient.identifier', ['urn:x', '7'])],
    'Patient?identifier=|7': [token('Patient.identifier', ['', '7'])],
    'Patient?identifier=urn:x|': [token('Patient.identifier', ['urn:x', null])],
    'Patient?identifier=a\\|b\\,c\\\\d\\$': [token('Patient.identifier', [null, 'a|b,c\\d$'])],
    'Patient?gender:not=female': [{ ...token('Patient.gender', [null, 'female']), negate: true } as Filter],
    'Patient?gender=female&gender=male': [
      token('Patient.gender', [null, 'female']),
      token('Patient.gender', [null, 'male']),
    ],
    'Patient?name=Zoë  MÜLLER': [string('Patient.name', 'zoe muller')],
    'Patient?name:contains=Ann': [
      { kind: 'string', param: numberOf('Patient.name'), any: [{ norm: 'ann', match: 'contains' }] },
    ],
    'Patient?name:exact=José': [
      {
        kind: 'string',
        param: numberOf('Patient.name'),
        any: [{ norm: 'jose', match: 'exact', text: 'José' }],
      },
    ],
    'Patient?birthdate=1980': [
      {
        kind: 'date',
        param: numberOf('Patient.birthdate'),
        any: [{ prefix: 'eq', lo: at('1980-01-01'), hi: at('1981-01-01') - 1 }],
      },
    ],
    'Patient?birthdate:missing=true': [
      { kind: 'missing', param: numberOf('Patient.birthdate'), tables: ['dt'], missing: true },
    ],
    'Patient?organization:missing=false': [
      {
        kind: 'missing',
        param: numberOf('Patient.organization'),
        tables: ['ref', 'tok', 'uri'],
        missing: false,
      },
    ],
    'Patient?_id=1,2': [{ kind: 'id', any: ['1', '2'] }],
    'Patient?_lastUpdated=ge2026-01-05': [
      { kind: 'lastUpdated', any: [{ prefix: 'ge', ...day('2026-01-05') }] },
    ],
    'Patient?_profile=http://x/y|1.0': [
      { kind: 'uri', param: numberOf('Patient._profile'), any: [{ uri: 'http://x/y|1.0', match: 'exact' }] },
    ],
    'ValueSet?url:below=http://x/y': [
      { kind: 'uri', param: numberOf('ValueSet.url'), any: [{ uri: 'http://x/y', match: 'below' }] },
    ],
    'RiskAssessment?probability=gt0.8': [
      {
        kind: 'number',
        param: numberOf('RiskAssessment.probability'),
        any: [{ prefix: 'gt', lo: 0.8, hi: 0.8 }],
      },
    ],
    'Observation?value-quantity=le5.4|http://unitsofmeasure.org|mg': [
      {
        kind: 'quantity',
        param: numberOf('Observation.value-quantity'),
        any: [{ prefix: 'le', lo: 5.4, hi: 5.4, sys: 'http://unitsofmeasure.org', code: 'mg' }],
      },
    ],
    'ServiceRequest?patient=1': [reference('ServiceRequest.patient', 11)],
    'ServiceRequest?patient=Patient/1,Patient/2': [reference('ServiceRequest.patient', 11, 12)],
    'ServiceRequest?subject=1': [reference('ServiceRequest.subject', 11, 13)],
    'ServiceRequest?subject:Patient=1': [reference('ServiceRequest.subject', 11)],
    'ServiceRequest?subject=https://hub.example/fhir/Patient/2': [reference('ServiceRequest.subject', 12)],
    'ServiceRequest?subject=Patient/1,Patient/none': [reference('ServiceRequest.subject', 11)],
    'ServiceRequest?subject=Patient/none': [{ kind: 'never' }],
    'ServiceRequest?subject=Patient/hidden': [{ kind: 'never' }],
    'ServiceRequest?subject=Patient/deleted': [{ kind: 'never' }],
    'ServiceRequest?subject:identifier=urn:x|7': [token('ServiceRequest.subject', ['urn:x', '7'])],
    'ServiceRequest?subject=http://other.example/fhir/Patient/1,Patient/1': [
      {
        kind: 'or',
        filters: [
          reference('ServiceRequest.subject', 11),
          {
            kind: 'uri',
            param: numberOf('ServiceRequest.subject'),
            any: [{ uri: 'http://other.example/fhir/Patient/1', match: 'exact' }],
          },
        ],
      },
    ],
    'ServiceRequest?patient.identifier=urn:x|7': [
      {
        kind: 'chain',
        param: numberOf('ServiceRequest.patient'),
        types: ['Patient'],
        filter: token('Patient.identifier', ['urn:x', '7']),
      },
    ],
    'ServiceRequest?subject.identifier=7': [
      {
        kind: 'or',
        filters: ['Patient', 'Group'].map(type => ({
          kind: 'chain',
          param: numberOf('ServiceRequest.subject'),
          types: [type],
          filter: token(`${type}.identifier`, [null, '7']),
        })),
      },
    ],
    'ServiceRequest?subject._id=7': [
      {
        kind: 'chain',
        param: numberOf('ServiceRequest.subject'),
        types: ['Patient', 'Group', 'Device', 'Location'],
        filter: { kind: 'id', any: ['7'] },
      },
    ],
    'ServiceRequest?subject:Patient.organization.partof.name=North': [
      {
        kind: 'chain',
        param: numberOf('ServiceRequest.subject'),
        types: ['Patient'],
        filter: {
          kind: 'chain',
          param: numberOf('Patient.organization'),
          types: ['Organization'],
          filter: {
            kind: 'chain',
            param: numberOf('Organization.partof'),
            types: ['Organization'],
            filter: string('Organization.name', 'north'),
          },
        },
      },
    ],
    'ServiceRequest?patient.organization=Organization/none': [{ kind: 'never' }],
    'ServiceRequest?patient.organization=1': [
      {
        kind: 'chain',
        param: numberOf('ServiceRequest.patient'),
        types: ['Patient'],
        filter: reference('Patient.organization', 16),
      },
    ],
    'Patient?_has:Observation:patient:code=1234-5': [
      {
        kind: 'has',
        type: 'Observation',
        param: numberOf('Observation.patient'),
        filter: token('Observation.code', [null, '1234-5']),
      },
    ],
    'Organization?_has:Patient:organization:_has:Observation:patient:code=1': [
      {
        kind: 'has',
        type: 'Patient',
        param: numberOf('Patient.organization'),
        filter: {
          kind: 'has',
          type: 'Observation',
          param: numberOf('Observation.patient'),
          filter: token('Observation.code', [null, '1']),
        },
      },
    ],
    'Patient?_has:ServiceRequest:subject:patient.name=x': [
      {
        kind: 'has',
        type: 'ServiceRequest',
        param: numberOf('ServiceRequest.subject'),
        filter: {
          kind: 'chain',
          param: numberOf('ServiceRequest.patient'),
          types: ['Patient'],
          filter: string('Patient.name', 'x'),
        },
      },
    ],
    '?_type=Patient,Group&_tag=a': [
      { kind: 'or', filters: [token('Patient._tag', [null, 'a']), token('Group._tag', [null, 'a'])] },
    ],
    '?_type=Patient,Group&_tag:not=a': [
      { ...token('Patient._tag', [null, 'a']), negate: true } as Filter,
      { ...token('Group._tag', [null, 'a']), negate: true } as Filter,
    ],
    '?_id=7': [{ kind: 'id', any: ['7'] }],
  };

  it.each(Object.entries(cases))('%s', async (search, expected) => {
    expect((await readSmall(search)).query.filters).toEqual(expected);
  });
});

describe('settings', () => {
  it('defaults to 20 of the last changed, without a total', async () => {
    const { query, includes, projection, self } = await readSmall('Patient?');
    expect(query).toEqual({
      types: ['Patient'],
      filters: [],
      sort: [{ kind: 'lastUpdated', descending: true }],
      count: 20,
      total: 'none',
    });
    expect({ includes, projection, self }).toEqual({ includes: [], projection: {}, self: '' });
  });

  it('reads sort, count, total, projection and cursor, and ignores what is about the message', async () => {
    const parsed = await readSmall(
      'Patient?_sort=-birthdate,_id,-_lastUpdated&_count=5000&_total=estimate&_elements=name,Patient.gender&_format=json&_cursor=abc',
    );
    expect(parsed.query).toMatchObject({
      sort: [
        { kind: 'param', param: numberOf('Patient.birthdate'), table: 'dt', descending: true },
        { kind: 'id', descending: false },
        { kind: 'lastUpdated', descending: true },
      ],
      count: 1000,
      total: 'estimate',
      after: 'abc',
    });
    expect(parsed.projection).toEqual({ elements: ['name', 'Patient.gender'] });
    const self = new URLSearchParams(parsed.self);
    expect([...self.keys()]).toEqual(['_sort', '_count', '_total', '_elements', '_cursor']);
    expect(self.get('_count')).toBe('1000');
    expect(new URLSearchParams(nextLink(parsed, 'xyz')).getAll('_cursor')).toEqual(['xyz']);
  });

  it.each(['Patient?_count=0', 'Patient?_summary=count', 'Patient?_summary=count&_total=none'])(
    '%s only counts',
    async search => {
      expect((await readSmall(search)).query).toMatchObject({ count: 0, total: 'accurate' });
    },
  );
});

describe('includes', () => {
  it.each([
    ['Patient?_include=Patient:organization', 'forward', false, ['Patient.organization'], undefined],
    ['Task?_include=Task:focus:ServiceRequest', 'forward', false, ['Task.focus'], ['ServiceRequest']],
    [
      'Patient?_include=*',
      'forward',
      false,
      ['Patient.organization', 'Patient.general-practitioner'],
      undefined,
    ],
    ['Task?_include:iterate=Patient:organization', 'forward', true, ['Patient.organization'], undefined],
    ['Patient?_revinclude=Observation:patient', 'reverse', false, ['Observation.patient'], undefined],
    [
      'Patient?_revinclude=ServiceRequest:*',
      'reverse',
      false,
      ['ServiceRequest.subject', 'ServiceRequest.patient'],
      undefined,
    ],
  ] as const)('%s', async (search, direction, iterate, params, targets) => {
    const { includes } = await readSmall(search);
    expect(includes).toEqual([
      { direction, iterate, params: params.map(numberOf), ...(targets && { targets }) },
    ]);
  });
});
