import type { Resource } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { eachDatabase } from '../../../test/harness/databases.ts';
import { listOf, noRows, version } from '../../../test/harness/writes.ts';
import { HubError } from '../../errors.ts';
import type { Rid } from '../../store/types.ts';
import { testDefinitions } from '../definitions/test-definitions.ts';
import { createExtract } from '../index/extract.ts';
import { followIncludes } from './follow.ts';
import { parseSearch } from './parse.ts';
import type { SearchContext } from './parsed.ts';

/** What R4's own parameters find, through definitions, index, parsing and store together. */

const mrn = 'http://hospital.example/mrn';
const loinc = 'http://loinc.org';

const resources = [
  {
    resourceType: 'Organization',
    id: 'north',
    name: 'Northside Center',
    partOf: { reference: 'Organization/root' },
  },
  { resourceType: 'Organization', id: 'root', name: 'County Network' },
  { resourceType: 'Practitioner', id: 'doc', name: [{ family: 'Nguyễn', given: ['Thị'] }] },
  {
    resourceType: 'Patient',
    id: 'ann',
    active: true,
    identifier: [{ system: mrn, value: '7' }],
    name: [{ family: 'Müller', given: ['Ann', 'Marie'] }],
    gender: 'female',
    birthDate: '1980-02',
    telecom: [{ system: 'phone', value: '555-0100' }],
    address: [{ city: 'Duluth', postalCode: '55802' }],
    managingOrganization: { reference: 'Organization/north' },
    meta: { tag: [{ system: 'urn:t', code: 'demo' }], profile: ['http://profiles.example/patient|1.0'] },
  },
  {
    resourceType: 'Patient',
    id: 'bob',
    identifier: [{ value: '7' }],
    name: [{ family: 'Mueller', given: ['Bob'] }],
    gender: 'male',
    birthDate: '1991-05-04',
    deceasedBoolean: true,
  },
  {
    resourceType: 'ServiceRequest',
    id: 'sr',
    status: 'active',
    intent: 'order',
    subject: { reference: 'Patient/ann' },
    requester: { reference: 'Practitioner/doc' },
    performer: [
      { reference: 'http://elsewhere.example/fhir/Organization/9' },
      { reference: 'Organization/north' },
    ],
    authoredOn: '2026-03-01T10:00:00-06:00',
    instantiatesCanonical: ['http://plans.example/plan|2.0'],
    code: { coding: [{ system: 'http://snomed.info/sct', code: '710911006' }] },
  },
  {
    resourceType: 'Task',
    id: 'task',
    status: 'requested',
    intent: 'order',
    focus: { reference: 'ServiceRequest/sr' },
    for: { reference: 'Patient/ann' },
    owner: { reference: 'Organization/north' },
    executionPeriod: { start: '2026-03-01' },
  },
  {
    resourceType: 'Observation',
    id: 'phq',
    status: 'final',
    subject: { reference: 'Patient/ann' },
    code: { coding: [{ system: loinc, code: '44261-6' }] },
    valueQuantity: { value: 12, unit: 'points', system: 'http://unitsofmeasure.org', code: '{score}' },
    effectivePeriod: { start: '2026-02-10', end: '2026-02-12' },
  },
  {
    resourceType: 'Observation',
    id: 'weight',
    status: 'final',
    subject: { identifier: { system: mrn, value: '8' } },
    code: { coding: [{ system: loinc, code: '29463-7' }] },
    valueQuantity: { value: 70.4, unit: 'kg' },
    effectiveDateTime: '2026-02-11T08:00:00Z',
  },
  {
    resourceType: 'RiskAssessment',
    id: 'risk',
    status: 'final',
    subject: { reference: 'Patient/bob' },
    prediction: [{ probabilityDecimal: 0.35 }],
  },
] as unknown as (Resource & { id: string })[];

/** A search and the ids it finds, in order. */
const searches: Record<string, string[]> = {
  'Patient?name=muell': ['bob'],
  'Patient?name=mull&_sort=_id': ['ann'],
  'Patient?family:exact=Müller': ['ann'],
  'Patient?family:exact=müller': [],
  'Patient?family:exact=Muller': [],
  'Patient?given:contains=ARI': ['ann'],
  'Practitioner?name=nguyen': ['doc'],
  [`Patient?identifier=${mrn}|7`]: ['ann'],
  'Patient?identifier=7&_sort=_id': ['ann', 'bob'],
  'Patient?identifier=|7': ['bob'],
  [`Patient?identifier=${mrn}|`]: ['ann'],
  'Patient?gender=female': ['ann'],
  'Patient?gender=http://hl7.org/fhir/administrative-gender|male': ['bob'],
  'Patient?gender:not=male': ['ann'],
  'Patient?active=true': ['ann'],
  'Patient?active:missing=true': ['bob'],
  'Patient?deceased=true': ['bob'],
  'Patient?birthdate=1980': ['ann'],
  'Patient?birthdate=1980-02': ['ann'],
  'Patient?birthdate=1980-02-03': [],
  'Patient?birthdate=ge1980&_sort=birthdate': ['ann', 'bob'],
  'Patient?birthdate=gt1980&_sort=-birthdate': ['bob'],
  'Patient?phone=555-0100': ['ann'],
  'Patient?address-city=duluth': ['ann'],
  'Patient?address=558': ['ann'],
  'Patient?_tag=urn:t|demo': ['ann'],
  'Patient?_profile=http://profiles.example/patient': ['ann'],
  'Patient?_profile=http://profiles.example/patient|1.0': ['ann'],
  'Patient?_profile=http://profiles.example/patient|2.0': [],
  'Patient?_profile:below=http://profiles.example': ['ann'],
  'Patient?organization=north': ['ann'],
  'Patient?organization.name=north': ['ann'],
  'Patient?organization.partof.name=county': ['ann'],
  'Patient?organization:missing=true': ['bob'],
  'Patient?_has:Observation:patient:code=44261-6': ['ann'],
  'Patient?_has:Task:patient:owner.partof=root': ['ann'],
  'Patient?_id=bob,none': ['bob'],
  'Patient?_lastUpdated=gt1990&_sort=_id': ['ann', 'bob'],
  [`ServiceRequest?patient.identifier=${mrn}|7`]: ['sr'],
  'ServiceRequest?subject.gender=female': ['sr'],
  'ServiceRequest?requester:Practitioner.family=nguyen': ['sr'],
  'ServiceRequest?requester.name=nguyen': ['sr'],
  'ServiceRequest?performer=http://elsewhere.example/fhir/Organization/9': ['sr'],
  'ServiceRequest?performer=Organization/north': ['sr'],
  'ServiceRequest?authored=2026-03-01T16:00:00Z': ['sr'],
  'ServiceRequest?authored=lt2026-03-01T16:00:00Z': [],
  'ServiceRequest?instantiates-canonical=http://plans.example/plan': ['sr'],
  'ServiceRequest?instantiates-canonical=http://plans.example/plan|2.0': ['sr'],
  'ServiceRequest?code=http://snomed.info/sct|710911006&status=active': ['sr'],
  'Task?status=requested&owner=Organization/north': ['task'],
  'Task?owner=https://hub.example/fhir/Organization/north': ['task'],
  'Task?focus:ServiceRequest.patient.name=ann': ['task'],
  'Task?focus=ServiceRequest/sr&period=gt2030': ['task'],
  'Task?requester:missing=true': ['task'],
  'Observation?value-quantity=12': ['phq'],
  'Observation?value-quantity=gt11|http://unitsofmeasure.org|{score}': ['phq'],
  'Observation?value-quantity=70||kg': ['weight'],
  'Observation?value-quantity=ap75||kg': ['weight'],
  'Observation?value-quantity=lt100&_sort=value-quantity': ['phq', 'weight'],
  'Observation?date=2026-02&_sort=date': ['phq', 'weight'],
  'Observation?date=2026-02-11': ['weight'],
  'Observation?date=eb2026-02-12': ['weight'],
  [`Observation?subject:identifier=${mrn}|8`]: ['weight'],
  'Observation?subject:missing=false&_sort=_id': ['phq', 'weight'],
  'RiskAssessment?probability=gt0.3': ['risk'],
  'RiskAssessment?probability=0.35': ['risk'],
  'RiskAssessment?probability=0.4': ['risk'],
  '?_id=ann': ['ann'],
  '?_type=Patient,Practitioner&_tag=demo': ['ann'],
  '?_type=Patient,Practitioner&_tag:not=demo&_sort=_id': ['bob', 'doc'],
  'Task?_include=Task:focus&_include:iterate=ServiceRequest:requester&_include=Task:patient': [
    'task',
    'doc',
    'ann',
    'sr',
  ],
  'Patient?_id=ann&_revinclude=Observation:subject&_revinclude=Task:patient': ['ann', 'phq', 'task'],
  'Organization?_id=north&_revinclude=*': ['north', 'ann', 'sr', 'task'],
};

eachDatabase('R4 searches', database => {
  const access = { organization: 'clinic', now: 1000, types: '*' as const };
  let loading: ReturnType<typeof load> | undefined;
  const loaded = () => {
    loading ??= load();
    return loading;
  };

  async function load() {
    const [store, definitions] = await Promise.all([database.open(), testDefinitions()]);
    const numbers = await store.params(definitions.allSearchParameters().map(param => param.name));
    const extract = createExtract(definitions, numbers);
    const rids = await store.reserve(resources.length);
    const ridOf = new Map(resources.map((it, at) => [`${it.resourceType}/${it.id}`, rids[at] ?? 0]));
    const writes = resources.map((resource, at) => {
      const rows = extract(resource);
      const ref = rows.ref.map(([param, target]): [number, Rid] => [param, ridOf.get(target) ?? -1]);
      const { resourceType: type, id } = resource;
      const body = JSON.stringify(resource);
      return version({ rid: rids[at] ?? 0, type, id, body, add: { ...noRows, ...rows, ref } });
    });
    await store.commit(listOf(writes));
    const context: SearchContext = {
      definitions,
      numbers,
      baseUrl: 'https://hub.example/fhir',
      now: Date.parse('2026-03-02T00:00:00Z'),
      locate: keys => store.locate(keys, access),
    };
    return { store, context };
  }

  async function run(search: string): Promise<string[]> {
    const { store, context } = await loaded();
    const at = search.indexOf('?');
    const request = {
      type: search.slice(0, at) || undefined,
      query: new URLSearchParams(search.slice(at + 1)),
    };
    const { query, includes } = await parseSearch(context, request);
    const { entries } = await store.search(query, access);
    const { versions } = await followIncludes(includes, entries, one => store.include(one, access));
    const included = versions.toSorted((one, other) => one.rid - other.rid);
    return [...entries, ...included].map(entry => entry.id);
  }

  it.each(Object.entries(searches))('%s', async (search, expected) => {
    expect((await run(search)).toSorted()).toEqual(expected.toSorted());
    if (search.includes('_sort')) expect(await run(search)).toEqual(expected);
  });

  it('every parameter of every type is answered or refused, whatever it is asked with', async () => {
    const { definitions } = (await loaded()).context;
    const all = [...definitions.resourceTypes].flatMap(type =>
      [...definitions.searchParameters(type).values()].map(param => ({ type, code: param.code })),
    );
    const asked = fc.record({
      of: fc.constantFrom(...all),
      modifier: fc.constantFrom('', '', ':missing', ':not', ':exact', ':contains', ':above', ':identifier'),
      suffix: fc.constantFrom('', '', '.name', '._id', ':Patient.identifier'),
      value: fc.oneof(
        fc.constantFrom('a', '1', 'Patient/ann', '2026', 'a|b', '5||mg', 'true', 'http://x.example/y'),
        fc.string(),
      ),
      sort: fc.boolean(),
    });
    for (const { of, modifier, suffix, value, sort } of fc.sample(asked, { seed: 7, numRuns: 150 })) {
      const query = new URLSearchParams([[`${of.code}${suffix}${modifier}`, value]]);
      if (sort) query.set('_sort', `-${of.code}`);
      const outcome = await run(`${of.type}?${query}`).catch((error: unknown) => error);
      if (Array.isArray(outcome)) continue;
      if (!(outcome instanceof HubError)) throw new Error(`${of.type}?${query}`, { cause: outcome });
      expect(outcome.kind).toBe('invalid');
    }
  });
});
