import { describe, expect, it } from 'vitest';
import { HubError } from '../../errors.ts';
import type { Filter } from '../../store/search/types.ts';
import { nextLink, parseSearch } from './parse.ts';
import type { ParsedSearch } from './parsed.ts';
import { numberOf, smallContext } from './small-definitions.ts';

const there = {
  'Patient/1': 11,
  'Patient/2': 12,
  'Group/1': 13,
  'Patient/hidden': 14,
  'Patient/deleted': 15,
  'Organization/1': 16,
};

const parse = (search: string, lenient = false): Promise<ParsedSearch> => {
  const at = search.indexOf('?');
  const type = search.slice(0, at) || undefined;
  return parseSearch(smallContext(there), {
    type,
    query: new URLSearchParams(search.slice(at + 1)),
    lenient,
  });
};

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
    expect((await parse(search)).query.filters).toEqual(expected);
  });
});

describe('refusals', () => {
  const cases: Record<string, string> = {
    'Patient?color=red': 'color: Patient has no search parameter "color"; it has _id, _lastUpdated,',
    'Nothing?a=b': '_type: "Nothing" is no resource type of FHIR R4',
    'Patient?name=': 'name: a value is empty',
    'Patient?gender=a,,b': 'gender: a value is empty',
    'Patient?gender=|': 'gender: expected code, system|code, |code or system|',
    'Patient?gender:in=x':
      'gender:in: the modifier :in is not supported; a token parameter takes :missing or :not',
    'Patient?name:not=x': 'a string parameter takes :contains, :exact or :missing',
    'Patient?name=%20%CC%81': 'name: a text of at least one letter is expected',
    'Patient?birthdate=yesterday': 'birthdate: expected a date such as 2026, 2026-03',
    'Patient?birthdate=2026-02-30': 'birthdate: expected a date',
    'Patient?birthdate:exact=2026': 'a date parameter takes :missing',
    'Patient?birthdate:missing=maybe': 'birthdate:missing: expected true or false',
    'Patient?_id=a/b': '_id: an id has 1 to 64 letters, digits, - and .',
    'Patient?_id:not=a': '_id:not: _id takes no modifier',
    'Patient?_text=a': '_text: _text is not supported',
    'Patient?name=a%00': 'name: the character U+0000 is not text',
    'RiskAssessment?probability=much': 'probability: expected a number such as 5, le5.40 or 1e-3',
    'Observation?value-quantity=5|mg': 'value-quantity: expected number, number|system|code or number||code',
    'Observation?code-value-quantity=a$5':
      'composite search parameters are not supported; search by its parts',
    'Location?near=1|2': 'special search parameters are not supported',
    'ServiceRequest?patient=Foo/1': 'patient: "Foo" is no resource type of FHIR R4',
    'ServiceRequest?patient=a%20b': 'patient: expected Type/id, an id or an absolute URL',
    'ServiceRequest?patient=https://hub.example/fhir/Patient/1/_history/2': 'expected Type/id, an id',
    'ServiceRequest?subject:Patient=Group/1': ':Patient and Group/… contradict each other',
    'ServiceRequest?subject:Practitioner=1':
      'the modifier :Practitioner is not supported; a reference parameter takes',
    'Task?focus=1': 'focus: write Type/id: focus may refer to',
    'ServiceRequest?subject:Practitioner.name=a':
      'subject does not refer to Practitioner but to Device, Group,',
    'ServiceRequest?subject.color=a': 'search parameter "color" is not there',
    'ServiceRequest?authored.name=a':
      'ServiceRequest.authored is no reference; the references of ServiceRequest are',
    'Organization?partof.partof.partof.partof.partof.partof.partof.partof.partof.name=a': 'more than 8 links',
    'Patient?_has:Observation=a': 'expected _has:Type:reference:parameter',
    'Patient?_has:Nothing:patient:code=a': '"Nothing" is no resource type',
    'Patient?_has:Patient:organization:name=a':
      'Patient.organization does not refer to Patient but to Organization',
    'Patient?_count=many': '_count: expected a number from 0 to 1000',
    'Patient?_count=1&_count=2': '_count: given more than once',
    'Patient?_total=some': '_total: expected accurate, estimate or none',
    'Patient?_summary=short': '_summary: expected count, data, false, text or true',
    'Patient?_elements=a..b': '_elements: expected names of top-level elements',
    'Patient?_type=Group': '_type: a search of Patient has no such parameter',
    'Patient?_sort=color': '_sort: Patient has no search parameter "color"',
    'Location?_sort=near': '_sort: special search parameters are not supported',
    '?_type=Patient,Group&_sort=identifier': 'a search over several types sorts by _id or _lastUpdated',
    'Patient?_include=Patient': '_include: expected Type:reference',
    'Patient?_include=Patient:name': 'Patient.name is no reference; the references of Patient are',
    'Patient?_include=Task:owner': 'the search is for Patient, not Task; use _include:iterate',
    'Patient?_include:some=Patient:organization':
      'the modifier :some is not supported; _include takes :iterate',
    'Patient?_include=Patient:organization:Group': 'Patient.organization does not refer to Group',
    'Patient?_revinclude=Patient:organization': 'it does not refer to Patient',
  };

  it.each(Object.entries(cases))('%s', async (search, text) => {
    const error = await parse(search).catch((thrown: unknown) => thrown);
    if (!(error instanceof HubError)) throw new Error(`expected a HubError, not ${String(error)}`);
    expect(error.kind).toBe('invalid');
    expect(error.message).toContain(text);
    expect(error.problems.every(problem => problem.expression?.startsWith('http.'))).toBe(true);
  });

  it('names every problem at once', async () => {
    await expect(parse('Patient?a=1&b=2&gender=f&_count=x')).rejects.toMatchObject({
      problems: [{ expression: 'http._count' }, { expression: 'http.a' }, { expression: 'http.b' }],
    });
  });

  it('leaves out what is not understood when lenient, and says so', async () => {
    const parsed = await parse('Patient?color=red&gender=female&_count=x', true);
    expect(parsed.query.filters).toHaveLength(1);
    expect(parsed.warnings.map(it => it.expression)).toEqual(['http._count', 'http.color']);
    expect(parsed.self).toBe('gender=female');
  });

  it('bounds how much one search asks for', async () => {
    await expect(parse(`Patient?${'gender=a&'.repeat(101)}`)).rejects.toThrow('more than 100 parameters');
    await expect(parse(`Patient?gender=${'a,'.repeat(500)}a`)).rejects.toThrow('more than 500 values');
  });
});

describe('settings', () => {
  it('defaults to 20 of the last changed, without a total', async () => {
    const { query, includes, projection, self } = await parse('Patient?');
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
    const parsed = await parse(
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
      expect((await parse(search)).query).toMatchObject({ count: 0, total: 'accurate' });
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
    const { includes } = await parse(search);
    expect(includes).toEqual([
      { direction, iterate, params: params.map(numberOf), ...(targets && { targets }) },
    ]);
  });
});
