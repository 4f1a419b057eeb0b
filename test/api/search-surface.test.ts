import type { Bundle, Resource } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eachDatabase } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';

const loinc = 'http://loinc.org';
const ucum = 'http://unitsofmeasure.org';
const systolic = '8480-6';
const diastolic = '8462-4';
const actCode = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';

const measured = (code: string, value: number) => ({
  code: { coding: [{ system: loinc, code }] },
  valueQuantity: { value, unit: 'mmHg', system: ucum, code: 'mm[Hg]' },
});

/** What the searches are asked of; ids say what is particular of each. */
const resources: (Resource & { id: string })[] = [
  {
    resourceType: 'Patient',
    id: 'ann',
    name: [{ family: 'Alder' }],
    identifier: [
      {
        type: {
          coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR' }],
          text: 'Chart number',
        },
        system: 'urn:example:mrn',
        value: '12|3',
      },
    ],
    text: {
      status: 'generated',
      div: '<div xmlns="http://www.w3.org/1999/xhtml">Lives with <b>two</b> cats &amp; a d&#246;g</div>',
    },
  },
  { resourceType: 'Patient', id: 'bob', name: [{ family: 'Birch' }], gender: 'other' },
  {
    resourceType: 'Observation',
    id: 'pressure-120-80',
    status: 'final',
    code: { coding: [{ system: loinc, code: '85354-9', display: 'Blood pressure panel' }] },
    subject: { reference: 'Patient/ann' },
    component: [measured(systolic, 120), measured(diastolic, 80)],
  },
  {
    resourceType: 'Observation',
    id: 'pressure-80-120',
    status: 'final',
    code: { text: 'Pressure, turned round' },
    subject: { reference: 'Patient/bob' },
    component: [measured(systolic, 80), measured(diastolic, 120)],
  },
  {
    resourceType: 'Observation',
    id: 'score',
    status: 'final',
    subject: { reference: 'Patient/ann' },
    effectiveDateTime: '2026-02-01',
    ...{ code: { coding: [{ system: loinc, code: '44261-6' }], text: 'PHQ-9 total' } },
    valueQuantity: { value: 12, code: '{score}', system: ucum },
  },
  {
    resourceType: 'Observation',
    id: 'answer',
    status: 'final',
    code: { coding: [{ system: loinc, code: '44250-9' }] },
    subject: { reference: 'Patient/ann' },
    valueCodeableConcept: { coding: [{ system: loinc, code: 'LA6568-5' }] },
    note: [{ text: 'Feels hopeful; follow-up agreed' }],
  },
  {
    resourceType: 'DocumentReference',
    id: 'letter-2',
    status: 'current',
    content: [{ attachment: { url: 'urn:x' } }],
    relatesTo: [
      { code: 'replaces', target: { reference: 'DocumentReference/letter-1' } },
      { code: 'appends', target: { reference: 'DocumentReference/letter-0' } },
    ],
  },
  {
    resourceType: 'DocumentReference',
    id: 'letter-1',
    status: 'superseded',
    content: [{ attachment: { url: 'urn:y' } }],
  },
  {
    resourceType: 'DocumentReference',
    id: 'letter-0',
    status: 'current',
    content: [{ attachment: { url: 'urn:z' } }],
  },
  { resourceType: 'Encounter', id: 'acute', status: 'finished', class: { system: actCode, code: 'ACUTE' } },
  { resourceType: 'Encounter', id: 'inpatient', status: 'finished', class: { system: actCode, code: 'IMP' } },
  { resourceType: 'Encounter', id: 'home', status: 'finished', class: { system: actCode, code: 'HH' } },
  {
    resourceType: 'Location',
    id: 'providence',
    name: 'Providence',
    position: { latitude: 41.824, longitude: -71.4128 },
  },
  {
    resourceType: 'Location',
    id: 'boston',
    name: 'Boston',
    position: { latitude: 42.3601, longitude: -71.0589 },
  },
  { resourceType: 'Location', id: 'fiji-east', position: { latitude: -16.8, longitude: -179.95 } },
  { resourceType: 'Location', id: 'nowhere', name: 'Without a position' },
  {
    resourceType: 'HealthcareService',
    id: 'counseling',
    name: 'Trauma-informed counseling',
    comment: 'Evening groups for anxiety and depression',
    location: [{ reference: 'Location/providence' }],
  },
  {
    resourceType: 'HealthcareService',
    id: 'detox',
    name: 'Detoxification',
    location: [{ reference: 'Location/boston' }],
  },
];

/** A search, and the ids of what it finds. */
const searches: Record<string, string[]> = {
  // composite
  [`Observation?component-code-value-quantity=${loinc}|${systolic}$120|${ucum}|mm[Hg]`]: ['pressure-120-80'],
  [`Observation?component-code-value-quantity=${loinc}|${systolic}$gt100`]: ['pressure-120-80'],
  [`Observation?component-code-value-quantity=${systolic}$lt100`]: ['pressure-80-120'],
  [`Observation?component-code-value-quantity=${systolic}$lt100,${diastolic}$80`]: [
    'pressure-80-120',
    'pressure-120-80',
  ],
  'Observation?code-value-quantity=44261-6$ge10||{score}': ['score'],
  'Observation?code-value-quantity=44261-6$gt12': [],
  [`Observation?combo-code-value-quantity=${systolic}$120`]: ['pressure-120-80'],
  'Observation?combo-code-value-quantity=44261-6$12': ['score'],
  'Observation?code-value-concept=44250-9$LA6568-5': ['answer'],
  'Observation?code-value-concept=44261-6$LA6568-5': [],
  'DocumentReference?relationship=replaces$DocumentReference/letter-1': ['letter-2'],
  'DocumentReference?relationship=replaces$DocumentReference/letter-0': [],
  'DocumentReference?relationship=appends$letter-0': ['letter-2'],
  'DocumentReference?relationship=replaces$DocumentReference/none': [],
  'Patient?_has:Observation:patient:code-value-quantity=44261-6$12': ['ann'],
  // near
  'Location?near=41.82|-71.41|5|km': ['providence'],
  'Location?near=41.82|-71.41': ['providence'],
  'Location?near=41.82|-71.41|50|[mi_i]': ['providence', 'boston'],
  'Location?near=41.82|-71.41|500|m': [],
  'Location?near=-16.8|179.95|30|km': ['fiji-east'],
  'Location?near=41.82|-71.41|1,42.36|-71.06|1': ['providence', 'boston'],
  'Location?near:missing=true': ['nowhere'],
  'HealthcareService?location.near=41.82|-71.41|25|[mi_i]': ['counseling'],
  // modifiers of codes
  'Observation?code:text=phq': ['score'],
  'Observation?code:text=blood press': ['pressure-120-80'],
  'Observation?code:text=total': [],
  'Patient?identifier:text=chart': ['ann'],
  'Patient?gender:in=http://hl7.org/fhir/ValueSet/administrative-gender': ['bob'],
  'Patient?gender:not-in=http://hl7.org/fhir/ValueSet/administrative-gender': ['ann'],
  [`Encounter?class:below=${actCode}|IMP`]: ['acute', 'inpatient'],
  [`Encounter?class:below=${actCode}|HH`]: ['home'],
  [`Encounter?class:above=${actCode}|ACUTE`]: ['acute', 'inpatient'],
  'Patient?identifier:of-type=http://terminology.hl7.org/CodeSystem/v2-0203|MR|12\\|3': ['ann'],
  'Patient?identifier:of-type=http://terminology.hl7.org/CodeSystem/v2-0203|SS|12\\|3': [],
  // full text
  'Patient?_text=cats': ['ann'],
  'Patient?_text=two cats': ['ann'],
  'Patient?_text="two cats"': ['ann'],
  'Patient?_text="cats two"': [],
  'Patient?_text=dog': ['ann'],
  'Patient?_text=alder': [],
  'Patient?_content=alder': ['ann'],
  'Patient?_content=alder OR birch': ['ann', 'bob'],
  'HealthcareService?_content=depress*': ['counseling'],
  'HealthcareService?_content=depress': [],
  'HealthcareService?_content=anxiety -groups': [],
  'HealthcareService?_content=groups NOT weekend': ['counseling'],
  'Observation?_content=follow-up': ['answer'],
  'Observation?subject:Patient._content=birch': ['pressure-80-120'],
  // compartments
  'Patient/ann/Observation?': ['pressure-120-80', 'score', 'answer'],
  'Patient/ann/Observation?code=44261-6': ['score'],
  'Patient/ann/*?': ['ann', 'pressure-120-80', 'score', 'answer'],
  'Patient/ann/*?_type=Patient': ['ann'],
  'Patient/ann/Patient?': ['ann'],
  'Patient/none/*?': [],
};

eachDatabase('searches', database => {
  let hub: TestHub;
  let hospital: Party;
  let stranger: Party;

  const ids = (bundle: Bundle): string[] =>
    (bundle.entry ?? []).filter(one => one.search?.mode === 'match').map(one => one.resource?.id ?? '');

  const encoded = (search: string): string => {
    const [path = '', query = ''] = search.split(/\?(.*)/s);
    const pairs = query
      .split('&')
      .filter(Boolean)
      .map(pair => pair.split(/=(.*)/s));
    return `/${path}?${new URLSearchParams(pairs.map(([name = '', value = '']) => [name, value]))}`;
  };

  beforeAll(async () => {
    hub = await startTestHub(database);
    hospital = await hub.party('hospital', { loads: true });
    stranger = await hub.party('stranger');
    const entry = resources.map(resource => ({
      resource,
      request: { method: 'PUT' as const, url: `${resource.resourceType}/${resource.id}` },
    }));
    const loaded = await hospital.request('POST', '', { resourceType: 'Bundle', type: 'transaction', entry });
    expect(loaded.status, loaded.text).toBe(200);
  });
  afterAll(() => hub.stop());

  describe('find what they ask for', () => {
    it.each(Object.entries(searches))('%s', async (search, expected) => {
      const answer = await hospital.get(encoded(search));
      expect(answer.status, answer.text).toBe(200);
      expect(ids(answer.json).sort()).toEqual(expected.toSorted());
    });

    it.each(Object.keys(searches).filter(search => !/^(Location|HealthcareService)/.test(search)))(
      '%s: nothing, to who may see nothing of it',
      async search => {
        const answer = await stranger.get(encoded(search));
        expect([answer.status, ids(answer.json)]).toEqual([200, []]);
      },
    );
  });

  it('tells the distance of each place, nearest of those asked for', async () => {
    const answer = await hospital.get(encoded('Location?near=41.824|-71.4128|100|km'));
    const found = (answer.json as Bundle).entry?.map(one => {
      const [extension] = one.search?.extension ?? [];
      expect(extension?.url).toBe('http://hl7.org/fhir/StructureDefinition/location-distance');
      return [one.resource?.id, extension?.valueDistance?.value];
    });
    const distances = new Map(found as [string, number][]);
    expect(distances.get('providence')).toBe(0);
    expect(distances.get('boston')).toBeGreaterThan(60);
    expect(distances.get('boston')).toBeLessThan(70);
  });

  it('forgets words and parts of composites with an update and a deletion', async () => {
    const observation = await hospital.create({
      resourceType: 'Observation',
      status: 'final',
      code: { coding: [{ code: 'fleeting' }] },
      valueQuantity: { value: 5 },
      note: [{ text: 'ephemeral' }],
    });
    const found = async (search: string) => ids((await hospital.get(encoded(search))).json).length;
    const bySearch = () =>
      Promise.all([
        found('Observation?_content=ephemeral'),
        found('Observation?code-value-quantity=fleeting$5'),
      ]);
    expect(await bySearch()).toEqual([1, 1]);
    await hospital.update({ ...observation, note: [{ text: 'kept' }], valueQuantity: { value: 6 } });
    expect(await bySearch()).toEqual([0, 0]);
    expect(await found('Observation?_content=kept')).toBe(1);
    await hospital.request('DELETE', `/Observation/${observation.id}`);
    expect(await found('Observation?_content=kept')).toBe(0);
  });

  it('says that there is no such compartment, or nothing of the type in it', async () => {
    expect((await hospital.get('/Observation/score/Patient')).status).toBe(404);
    expect((await hospital.get('/Patient/ann/Organization')).status).toBe(404);
    expect((await hospital.get('/Patient/ann/Nothing')).status).toBe(404);
  });
});
