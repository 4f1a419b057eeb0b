import type { Bundle, Resource } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onSqlite } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';

const tag = { system: 'urn:t', code: 'demo' };

onSqlite('operations', database => {
  let hub: TestHub;
  let hospital: Party;
  let stranger: Party;
  const path = (url: string | undefined): string => (url ?? '').slice(`${hub.url}/fhir`.length);
  const names = (bundle: Bundle, mode?: string): string[] =>
    (bundle.entry ?? [])
      .filter(one => mode === undefined || one.search?.mode === mode)
      .map(one => `${one.resource?.resourceType}/${one.resource?.id}`);

  beforeAll(async () => {
    hub = await startTestHub(database);
    hospital = await hub.party('hospital', { loads: true });
    stranger = await hub.party('stranger');
    const put = (resource: Resource & { id: string }) =>
      hospital.request('PUT', `/${resource.resourceType}/${resource.id}`, resource);
    await put({ resourceType: 'Practitioner', id: 'nguyen', name: [{ family: 'Nguyen' }] });
    await put({
      resourceType: 'Patient',
      id: 'ann',
      name: [{ family: 'Alder', given: ['Ann'] }],
      meta: { tag: [tag], profile: ['http://profiles.example/patient'] },
    });
    await put({ resourceType: 'Patient', id: 'bob', name: [{ family: 'Birch' }] });
    const subject = { reference: 'Patient/ann' };
    for (const id of ['one', 'two', 'three']) {
      hub.clock.advance({ minutes: 1 });
      await put({
        resourceType: 'Observation',
        id,
        status: 'final',
        code: { text: id },
        subject,
        performer: [{ reference: 'Practitioner/nguyen' }],
      });
    }
    await put({
      resourceType: 'Condition',
      id: 'low',
      subject,
      meta: { security: [{ system: 'urn:s', code: 'R' }] },
    });
    await put({ resourceType: 'Condition', id: 'others', subject: { reference: 'Patient/bob' } });
  });
  afterAll(() => hub.stop());

  describe('Patient/$everything', () => {
    it('is the compartment with what it refers to', async () => {
      const { json } = await hospital.get('/Patient/ann/$everything');
      expect(names(json, 'match').sort()).toEqual([
        'Condition/low',
        'Observation/one',
        'Observation/three',
        'Observation/two',
        'Patient/ann',
      ]);
      expect(names(json, 'include')).toEqual(['Practitioner/nguyen']);
    });

    it('comes page by page, each resource on one of them', async () => {
      const seen: string[] = [];
      let next: string | undefined = '/Patient/ann/$everything?_count=2';
      for (let page = 0; next && page < 10; page++) {
        const { status, json, text } = await hospital.get(next);
        expect(status, text).toBe(200);
        seen.push(...names(json, 'match'));
        const link = (json as Bundle).link?.find(one => one.relation === 'next')?.url;
        if (page === 0) expect((await stranger.get(path(link))).status).toBe(404);
        next = link && path(link);
      }
      expect(seen.length).toBe(5);
      expect(new Set(seen).size).toBe(5);
    });

    it('takes _since and _type, by GET and POST, and nothing else', async () => {
      const since = '/Patient/ann/$everything?_since=2026-03-02T09:02:00Z&_type=Observation';
      expect(names((await hospital.get(since)).json, 'match')).toEqual([
        'Observation/three',
        'Observation/two',
      ]);
      const parameters = {
        resourceType: 'Parameters',
        parameter: [{ name: '_type', valueString: 'Patient' }],
      };
      const posted = await hospital.request('POST', '/Patient/ann/$everything', parameters);
      expect(names(posted.json, 'match')).toEqual(['Patient/ann']);
      expect((await hospital.get('/Patient/ann/$everything?color=red')).status).toBe(400);
      expect((await hospital.request('DELETE', '/Patient/ann/$everything')).status).toBe(404);
    });

    it('does not exist for who may not see the patient, as for one that is not there', async () => {
      const [hidden, absent] = await Promise.all([
        stranger.get('/Patient/ann/$everything'),
        stranger.get('/Patient/none/$everything'),
      ]);
      expect([hidden.status, absent.status]).toEqual([404, 404]);
      expect(hidden.text.replace('ann', 'x')).toBe(absent.text.replace('none', 'x'));
      expect((await hospital.get('/Observation/one/$everything')).status).toBe(404);
    });
  });

  describe('$meta', () => {
    const meta = async (party: Party, address: string) =>
      (await party.get(address)).json.parameter?.[0].valueMeta;

    it('tells the labels of a resource, and those in use', async () => {
      const own = { tag: [tag], profile: ['http://profiles.example/patient'] };
      expect(await meta(hospital, '/Patient/ann/$meta')).toEqual(own);
      expect(await meta(hospital, '/Patient/$meta')).toEqual(own);
      expect(await meta(hospital, '/Condition/$meta')).toEqual({
        security: [{ system: 'urn:s', code: 'R' }],
      });
      expect(await meta(hospital, '/$meta')).toMatchObject({
        ...own,
        security: [{ system: 'urn:s', code: 'R' }],
      });
    });

    it('tells nobody of what it may not see', async () => {
      expect(await meta(stranger, '/Patient/$meta')).toEqual({});
      expect((await stranger.get('/Patient/ann/$meta')).status).toBe(404);
      expect((await stranger.get('/Nothing/$meta')).status).toBe(404);
    });
  });

  describe('$graphql', () => {
    const ask = (party: Party, query: string, variables?: object) =>
      party.request(
        'POST',
        '/$graphql',
        { query, ...(variables ? { variables } : {}) },
        { 'Content-Type': 'application/json' },
      );

    it('reads, searches, follows references and looks back along them', async () => {
      const query = `query($id: ID!) { Patient(id: $id) { name { family given }
        ObservationList(_reference: subject, _sort: "_id") { id performer { resource { ... on Practitioner { name { family } } } } } }
        ConditionList(subject: "Patient/bob") { id } }`;
      const { status, json, text } = await ask(hospital, query, { id: 'ann' });
      expect([status, json.errors], text).toEqual([200, undefined]);
      const performer = [{ resource: { name: [{ family: 'Nguyen' }] } }];
      expect(json.data).toEqual({
        Patient: {
          name: [{ family: 'Alder', given: ['Ann'] }],
          ObservationList: ['one', 'three', 'two'].map(id => ({ id, performer })),
        },
        ConditionList: [{ id: 'others' }],
      });
      const got = await hospital.get(
        `/$graphql?query=${encodeURIComponent('{ PatientList(family: "Birch") { id } }')}`,
      );
      expect(got.json.data).toEqual({ PatientList: [{ id: 'bob' }] });
    });

    it('shows an actor what its other searches show it', async () => {
      const { json } = await ask(stranger, '{ Patient(id: "ann") { id } PatientList { id } }');
      expect(json.data).toEqual({ Patient: null, PatientList: [] });
      expect(JSON.stringify(json.errors)).toBe(
        JSON.stringify(
          (await ask(stranger, '{ Patient(id: "axx") { id } PatientList { id } }')).json.errors,
        ).replaceAll('axx', 'ann'),
      );
    });

    it('refuses what is too deep, too dear, too often, a mutation or no query, before any of it runs', async () => {
      const deep = `{ Patient(id: "ann") { ${'contact { organization { resource { ... on Organization { '.repeat(5)} id ${'} } } }'.repeat(5)} } }`;
      const dear = `{ PatientList(_count: 1000) { ObservationList(_reference: subject, _count: 1000) { performer { resource { ... on Practitioner { id } } } } } }`;
      const many = `{ ${Array.from({ length: 60 }, (_, at) => `a${at}: PatientList { id }`).join(' ')} }`;
      const refusals: [string, RegExp][] = [
        [deep, /depth/],
        [dear, /complex/],
        ['mutation { PatientDelete(id: "ann") { id } }', /no mutations/],
        ['{ Patient(', /syntax/i],
        ['{ Nothing { id } }', /Nothing/],
        ['{ __schema { types { name } } }', /introspection/i],
      ];
      for (const [query, says] of refusals) {
        const { status, json } = await ask(hospital, query);
        expect([query.slice(0, 20), status]).toEqual([query.slice(0, 20), 400]);
        expect(json.issue[0].details.text).toMatch(says);
      }
      expect(JSON.stringify((await ask(hospital, many)).json)).toMatch(/Maximum number of searches|complex/);
      expect((await hospital.get('/Patient/ann')).status).toBe(200);
    });
  });

  it('are listed in the CapabilityStatement as they can be called', async () => {
    const { json } = await hospital.get('/metadata');
    const [rest] = json.rest;
    const called = (of: { operation?: { name: string }[] }) => (of.operation ?? []).map(one => one.name);
    expect(called(rest)).toEqual(expect.arrayContaining(['graphql', 'meta']));
    const type = (name: string) => rest.resource.find((one: { type: string }) => one.type === name);
    expect(called(type('Patient'))).toEqual(expect.arrayContaining(['everything', 'meta']));
    expect(called(type('Task'))).not.toContain('everything');
    for (const name of ['code-value-quantity', '_content', '_text']) {
      expect(type('Observation').searchParam.map((one: { name: string }) => one.name)).toContain(name);
    }
  });
});
