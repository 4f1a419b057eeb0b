import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataFolder, hasData } from '../../src/fhir/definitions/test-resources.ts';
import { eachDatabase } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';

const bp = 'http://hl7.org/fhir/StructureDefinition/bp';
const observation = { resourceType: 'Observation', status: 'final', code: { text: 'x' } };
const valid = [['information', undefined, 'The resource is valid.']];

// biome-ignore lint/suspicious/noExplicitAny: whatever JSON came back
const issues = ({ json }: { json: any }): unknown[][] =>
  json.issue.map((issue: { severity: string; expression?: string[]; details: { text: string } }) => [
    issue.severity,
    issue.expression?.[0],
    issue.details.text,
  ]);

eachDatabase('$validate', database => {
  let hub: TestHub;
  let client: Party;
  let stranger: Party;

  beforeAll(async () => {
    hub = await startTestHub(database, { HUB_PROFILES: bp.replace('/bp', '/bodyheight') });
    client = await hub.party('client');
    stranger = await hub.party('stranger');
  });
  afterAll(() => hub?.stop());

  const validate = (path: string, body: unknown) => client.request('POST', path, body);
  const height = {
    ...observation,
    category: [
      {
        coding: [
          { system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' },
        ],
      },
    ],
    code: { coding: [{ system: 'http://loinc.org', code: '8302-2' }] },
    subject: { display: 'x' },
    effectiveDateTime: '2024-03-07',
    valueQuantity: { value: 180, unit: 'cm', system: 'http://unitsofmeasure.org', code: 'cm' },
  };

  it('says every problem in the words of the refused write, and writes nothing', async () => {
    const bad = {
      ...height,
      status: 'done',
      valueQuantity: { value: 180, unit: 'cm' },
      effectiveDateTime: undefined,
    };
    const said = issues(await validate('/Observation/$validate', bad));
    const refused = await client.request('POST', '/Observation', bad);
    expect(refused.status).toBe(400);
    expect(issues(refused)).toEqual(said);
    expect(said.map(([severity, at]) => [severity, at])).toEqual(
      expect.arrayContaining([
        ['error', 'Observation.status'],
        ['error', 'Observation.effective'],
        ['error', 'Observation.value.system'],
        ['error', 'Observation.value.code'],
      ]),
    );
    expect((await client.get('/Observation')).json.entry ?? []).toEqual([]);
  });

  it('takes the resource as the body or in Parameters, and a Parameters resource in Parameters', async () => {
    expect(issues(await validate('/Observation/$validate', height))).toEqual(valid);
    const parameters = (resource: object, ...more: object[]) => ({
      resourceType: 'Parameters',
      parameter: [{ name: 'resource', resource }, ...more],
    });
    expect(issues(await validate('/Observation/$validate', parameters(height)))).toEqual(valid);
    const asked = parameters(height, { name: 'profile', valueUri: bp });
    expect(issues(await validate('/Observation/$validate', asked))).toContainEqual([
      'error',
      'Observation.component',
      expect.stringMatching(/^Observation.component is required: one of the slice SystolicBP/),
    ]);
    const inner = { resourceType: 'Parameters', parameter: [{ name: 'x', valueBoolean: true }] };
    expect(issues(await validate('/Parameters/$validate', parameters(inner)))).toEqual(valid);
    expect((await validate('/Observation/$validate', { resourceType: 'Parameters' })).status).toBe(400);
  });

  it('enforces the profiles of the site, asks for those of the caller, and says which it does not know', async () => {
    expect(issues(await validate('/Observation/$validate', observation))).toContainEqual([
      'error',
      'Observation.subject',
      expect.stringMatching(/is required .*bodyheight/),
    ]);
    const unknown = await validate('/Observation/$validate?profile=urn:none', height);
    expect(issues(unknown)).toEqual([
      ['error', 'Observation', 'Observation must conform to urn:none, which this hub does not know'],
    ]);
    const claimed = { ...height, meta: { profile: ['urn:none'] } };
    expect(issues(await validate('/Observation/$validate', claimed))).toMatchObject([
      ['warning', 'Observation.meta.profile[0]', expect.stringMatching(/is not known to this hub/)],
    ]);
    expect((await client.request('POST', '/Observation', claimed)).status).toBe(201);
  });

  it('knows references that the caller may not see, or that are to nothing, as the write does', async () => {
    const hidden = await stranger.create({ resourceType: 'Patient' });
    for (const id of [hidden.id, 'nothing']) {
      const bad = { ...height, subject: { reference: `Patient/${id}` } };
      const said = issues(await validate('/Observation/$validate', bad));
      const text = `Observation.subject refers to Patient/${id}, which does not exist here.`;
      expect(said).toEqual([['error', 'Observation.subject.reference', text]]);
      expect(issues(await client.request('POST', '/Observation', bad))).toEqual(said);
      expect(issues(await validate('/Observation/$validate?mode=profile', bad))).toEqual(valid);
    }
    const own = await client.create({ resourceType: 'Patient' });
    const good = { ...height, subject: { reference: `Patient/${own.id}` } };
    expect(issues(await validate('/Observation/$validate', good))).toEqual(valid);
  });

  it('validates what is stored, an update of it, and that it can be deleted', async () => {
    const { id } = await client.create({ resourceType: 'Patient', gender: 'male' });
    expect(issues(await client.get(`/Patient/${id}/$validate`))).toEqual(valid);
    const other = { resourceType: 'Patient', id: 'other' };
    expect(issues(await validate(`/Patient/${id}/$validate`, other))).toMatchObject([
      ['error', 'Patient.id', expect.stringContaining(`must be ${id}`)],
    ]);
    expect(issues(await client.get(`/Patient/${id}/$validate?mode=delete`))).toMatchObject([
      ['information', undefined, expect.stringMatching(/^The resource is here/)],
    ]);
    expect((await stranger.get(`/Patient/${id}/$validate`)).status).toBe(404);
    expect((await validate('/Patient/$validate?mode=x', other)).status).toBe(400);
    expect(issues(await validate('/Observation/$validate', other))).toMatchObject([
      ['error', 'resourceType', expect.stringMatching(/must be a Observation/)],
    ]);
  });
});

describe.skipIf(!hasData)('US Core from its package (skipped where ../shared/data is absent)', () => {
  eachDatabase('a hub with US Core', database => {
    let hub: TestHub;
    let client: Party;

    beforeAll(async () => {
      hub = await startTestHub(
        database,
        { HUB_PACKAGES: join(dataFolder, 'us-core') },
        { definitions: true },
      );
      client = await hub.party('client');
    });
    afterAll(() => hub?.stop());

    const usCore = 'http://hl7.org/fhir/us/core';
    const patient = {
      resourceType: 'Patient',
      meta: { profile: [`${usCore}/StructureDefinition/us-core-patient`] },
      identifier: [{ system: 'urn:mrn', value: '1' }],
      name: [{ family: 'x' }],
      gender: 'female',
    };

    it('refuses what claims a profile and does not conform', async () => {
      expect((await client.request('POST', '/Patient', patient)).status).toBe(201);
      const refused = await client.request('POST', '/Patient', {
        ...patient,
        identifier: undefined,
        name: [{ given: [] }],
      });
      expect(refused.status).toBe(400);
      const nameless = await client.request('POST', '/Patient', {
        ...patient,
        identifier: undefined,
        name: [{ use: 'old' }],
      });
      expect(issues(nameless)).toMatchObject([
        [
          'error',
          'Patient.identifier',
          expect.stringMatching(/^Patient.identifier is required \(http.*us-core-patient\)/),
        ],
        ['error', 'Patient.name[0]', expect.stringMatching(/us-core-6/)],
      ]);
    });

    it('checks codes against the value sets of the package', async () => {
      const condition = (code: string) => ({
        resourceType: 'Condition',
        meta: { profile: [`${usCore}/StructureDefinition/us-core-condition-problems-health-concerns`] },
        clinicalStatus: {
          coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
        },
        category: [
          { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-category', code }] },
        ],
        code: { text: 'x' },
        subject: { display: 'x' },
      });
      expect((await client.request('POST', '/Condition', condition('problem-list-item'))).status).toBe(201);
      expect(
        issues(await client.request('POST', '/Condition', condition('encounter-diagnosis'))),
      ).toMatchObject([
        ['error', 'Condition.category', expect.stringMatching(/is required: one of the slice us-core/)],
      ]);
    });

    it('finds by its search parameters, and reads its definitions by their canonical URLs', async () => {
      const race = {
        url: `${usCore}/StructureDefinition/us-core-race`,
        extension: [
          {
            url: 'ombCategory',
            valueCoding: { system: 'urn:oid:2.16.840.1.113883.6.238', code: '2106-3', display: 'White' },
          },
          { url: 'text', valueString: 'White' },
        ],
      };
      const { id } = await client.create({
        ...patient,
        resourceType: 'Patient',
        gender: 'female',
        extension: [race],
      });
      const found = await client.get('/Patient?race=2106-3');
      expect(found.json.entry.map((one: { resource: { id: string } }) => one.resource.id)).toEqual([id]);
      for (const [type, path] of [
        ['StructureDefinition', 'StructureDefinition/us-core-patient'],
        ['SearchParameter', 'SearchParameter/us-core-race'],
        ['CodeSystem', 'CodeSystem/us-core-category'],
      ]) {
        const page = await client.get(`/${type}?url=${usCore}/${path}`);
        expect([path, page.json.entry?.length]).toEqual([path, 1]);
      }
    });
  });
});
