import { afterAll, beforeAll, expect, it } from 'vitest';
import { onSqlite } from '../harness/databases.ts';
import { type AppWorld, fhir, labScope, startAppWorld, tokensFor } from './app-world.ts';

const category = 'http://terminology.hl7.org/CodeSystem/observation-category';

/** The query part of a scope holds wherever a resource could come out or go in. */
onSqlite('a scope with a query', database => {
  let world: AppWorld;
  /** Of an app for one patient, and of a system for all of the organization's. */
  let app: string;
  let system: string;
  beforeAll(async () => {
    world = await startAppWorld(database);
    const { cookie } = await world.signIn('jordan', 'case-manager');
    const scope = `launch/patient patient/Patient.rs ${labScope.replace('.rs?', '.crs?')}`;
    const { body } = await tokensFor(world, cookie, { scope });
    expect(body.scope).toBe(scope);
    app = body.access_token;
    const systemScope = `system/Patient.rs ${labScope.replace('patient/', 'system/').replace('.rs?', '.cruds?')}`;
    await world.register({ clientId: 'lab', secret: true, redirectUris: [], scope: systemScope });
    system = (await world.hub.authorization.issueToken({ client: 'lab' })).token;
  }, 120_000);
  afterAll(() => world?.stop());

  const observation = (code: string, patient: string) => ({
    resourceType: 'Observation',
    status: 'final',
    category: [{ coding: [{ system: category, code }] }],
    code: { text: code },
    subject: { reference: `Patient/${patient}` },
  });
  // biome-ignore lint/suspicious/noExplicitAny: a Bundle as it came
  const ids = (bundle: any): string[] =>
    (bundle.entry ?? []).map((one: { resource: { resourceType: string; id: string } }) => one.resource.id);

  it('in reading, one version and all', async () => {
    const { lab, vital, otherLab } = world.observations;
    for (const suffix of ['', '/_history', '/_history/1']) {
      expect((await fhir(world, app, `/Observation/${lab}${suffix}`)).status).toBe(200);
      for (const hidden of [vital, otherLab])
        expect((await fhir(world, app, `/Observation/${hidden}${suffix}`)).status, suffix).toBe(404);
    }
  });

  it.each([
    ['search', '/Observation'],
    ['search by what is hidden', `/Observation?category=${category}|vital-signs,${category}|laboratory`],
    ['the history of the type', '/Observation/_history'],
    ['the history of all', '/_history'],
    ['the system', '/?_type=Observation'],
    ['a page with its total', '/Observation?_total=accurate&_sort=-_lastUpdated'],
  ])('in %s', async (_title, path) => {
    const { lab, vital, otherLab } = world.observations;
    const { status, body } = await fhir(world, app, path);
    expect(status, JSON.stringify(body)).toBe(200);
    expect(ids(body)).toContain(lab);
    expect(ids(body)).not.toContain(vital);
    expect(ids(body)).not.toContain(otherLab);
    if (body.total !== undefined) expect(body.total).toBe(1);
    const seen = ids((await fhir(world, system, path)).body);
    expect(seen).toEqual(expect.arrayContaining([lab, otherLab]));
    expect(seen).not.toContain(vital);
  });

  it('in what searches bring along, in chains and in _has', async () => {
    const { lab, vital } = world.observations;
    const { mine } = world.patients;
    const included = ids((await fhir(world, app, '/Patient?_revinclude=Observation:subject')).body);
    expect(included).toEqual(expect.arrayContaining([mine, lab]));
    expect(included).not.toContain(vital);
    const has = (code: string) =>
      fhir(world, app, `/Patient?_has:Observation:subject:category=${category}|${code}`);
    expect(ids((await has('laboratory')).body)).toEqual([mine]);
    expect(ids((await has('vital-signs')).body)).toEqual([]);
    const everything = ids((await fhir(world, app, `/Patient/${mine}/$everything`)).body);
    expect(everything).toContain(lab);
    expect(everything).not.toContain(vital);
  });

  it('in a batch', async () => {
    const { lab, vital } = world.observations;
    const get = (id: string) => ({ request: { method: 'GET', url: `Observation/${id}` } });
    const batch = { resourceType: 'Bundle', type: 'batch', entry: [get(lab), get(vital)] };
    const { body } = await fhir(world, app, '/', { method: 'POST', body: batch });
    expect(
      body.entry.map((one: { response: { status: string } }) => one.response.status.slice(0, 3)),
    ).toEqual(['200', '404']);
  });

  // Its schema is made at the first question, which takes seconds.
  it('in GraphQL', async () => {
    const { lab } = world.observations;
    const query = encodeURIComponent('{ObservationList{id}}');
    const graph = await fhir(world, app, `/$graphql?query=${query}`);
    expect(graph.status, JSON.stringify(graph.body)).toBe(200);
    expect(graph.body.data.ObservationList.map((one: { id: string }) => one.id)).toEqual([lab]);
  }, 90_000);

  it('in writing: what becomes of a resource must be within it, and what it was', async () => {
    const { mine, other } = world.patients;
    const create = (token: string, code: string, patient: string) =>
      fhir(world, token, '/Observation', { method: 'POST', body: observation(code, patient) });
    expect((await create(app, 'laboratory', mine)).status).toBe(201);
    expect((await create(app, 'vital-signs', mine)).status).toBe(403);
    expect((await create(app, 'laboratory', other)).status).toBe(422);
    expect((await create(system, 'laboratory', other)).status).toBe(201);
    const made = (await create(system, 'laboratory', mine)).body;
    const put = (id: string, code: string) =>
      fhir(world, system, `/Observation/${id}`, { method: 'PUT', body: { ...observation(code, mine), id } });
    expect((await put(made.id, 'vital-signs')).status).toBe(403);
    expect((await put(made.id, 'laboratory')).status).toBe(200);
    expect((await put(world.observations.vital, 'laboratory')).status).not.toBe(200);
    expect(
      (await fhir(world, system, `/Observation/${world.observations.vital}`, { method: 'DELETE' })).status,
    ).not.toBe(204);
    expect((await fhir(world, system, `/Observation/${made.id}`, { method: 'DELETE' })).status).toBe(204);
  });

  it('in conditional writes: what is hidden is not found by a condition', async () => {
    const { token } = await world.hub.authorization.issueToken({ client: 'clinic' });
    const hidden = {
      ...observation('vital-signs', world.patients.mine),
      identifier: [{ system: 'urn:x', value: 'v1' }],
    };
    expect((await fhir(world, token, '/Observation', { method: 'POST', body: hidden })).status).toBe(201);
    const response = await fetch(`${world.url}/fhir/Observation`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${app}`,
        'content-type': 'application/fhir+json',
        'if-none-exist': 'identifier=urn:x|v1',
      },
      body: JSON.stringify({
        ...observation('laboratory', world.patients.mine),
        identifier: hidden.identifier,
      }),
    });
    expect(response.status).toBe(201);
  });
});
