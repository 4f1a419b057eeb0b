import type { Bundle, Patient } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../harness/databases.ts';
import { type Answer, type Party, startTestHub, type TestHub } from '../harness/hub.ts';

const link = (bundle: Bundle, relation: string): string | undefined =>
  bundle.link?.find(one => one.relation === relation)?.url;

eachDatabase('interactions around reading and writing', database => {
  let hub: TestHub;
  let hospital: Party;
  let center: Party;
  const path = (url: string | undefined): string => (url ?? '').slice(`${hub.url}/fhir`.length);
  const versions = (answer: Answer): string[] =>
    (answer.json.entry ?? []).map(
      (entry: { resource?: Patient; response: { etag: string } }) => entry.response.etag,
    );

  beforeAll(async () => {
    hub = await startTestHub(database);
    hospital = await hub.party('hospital');
    center = await hub.party('center');
  });
  afterAll(() => hub.stop());

  it('answers a history as of a moment, or of a stretch of time', async () => {
    const made = await hospital.create<Patient>({ resourceType: 'Patient', gender: 'male' });
    hub.clock.advance({ hours: 2 });
    await hospital.update({ ...made, gender: 'female' });
    hub.clock.advance({ hours: 2 });
    await hospital.update({ ...made, gender: 'other' });
    const at = async (query: string) => versions(await hospital.get(`/Patient/${made.id}/_history?${query}`));
    expect(await at('_at=2026-03-02T08:00:00Z')).toEqual([]);
    expect(await at('_at=2026-03-02T10:00:00Z')).toEqual(['W/"1"']);
    expect(await at('_at=2026-03-02T06:00:00-05:00')).toEqual(['W/"2"']);
    expect(await at('_at=2026-03-02T12:00')).toEqual(['W/"2"']);
    expect(await at('_at=2026-03-03')).toEqual(['W/"3"']);
    expect(await at('_at=2026-03')).toEqual(['W/"3"', 'W/"2"', 'W/"1"']);
    expect(await at('_since=2026-03-02T11:00:00Z')).toEqual(['W/"3"', 'W/"2"']);
    const wrong = await hospital.get(`/Patient/${made.id}/_history?_at=yesterday`);
    expect([wrong.status, wrong.json.issue[0].details.text]).toEqual([
      400,
      '_at must be a date or a moment such as 2024-05-01T08:30:00Z.',
    ]);
  });

  it('projects reads, versions and histories, and prints them for people', async () => {
    const made = await hospital.create<Patient>({
      resourceType: 'Patient',
      gender: 'male',
      maritalStatus: { text: 'single' },
    });
    const summary = await hospital.get(`/Patient/${made.id}?_summary=true`);
    expect(summary.json).toMatchObject({ gender: 'male', meta: { tag: [{ code: 'SUBSETTED' }] } });
    expect(summary.json.maritalStatus).toBeUndefined();
    const elements = await hospital.get(`/Patient/${made.id}/_history/1?_elements=maritalStatus`);
    expect([elements.json.gender, elements.json.maritalStatus.text]).toEqual([undefined, 'single']);
    const history = await hospital.get(`/Patient/${made.id}/_history?_summary=true`);
    expect(history.json.entry[0].resource.maritalStatus).toBeUndefined();
    expect((await hospital.get(`/Patient/${made.id}?_summary=count`)).status).toBe(400);
    const pretty = await hospital.request('POST', '/Patient/_search', `_id=${made.id}&_pretty=true`, {
      'Content-Type': 'application/x-www-form-urlencoded',
    });
    expect(pretty.text.split('\n').length).toBeGreaterThan(5);
    const turtle = await hospital.request('POST', '/Patient/_search', '_format=ttl', {
      'Content-Type': 'application/x-www-form-urlencoded',
    });
    expect(turtle.status).toBe(406);
  });

  it('answers HEAD wherever it answers GET, and 304 to who has the very page', async () => {
    const made = await hospital.create<Patient>({ resourceType: 'Patient' });
    for (const address of [`/Patient/${made.id}`, '/Patient', `/Patient/${made.id}/_history`, '/metadata']) {
      const head = await hospital.request('HEAD', address);
      expect([address, head.status, head.text]).toEqual([address, 200, '']);
    }
    const page = await hospital.get(`/Patient?_id=${made.id}`);
    const known = { 'If-None-Match': page.headers.get('etag') ?? '' };
    expect((await hospital.request('GET', `/Patient?_id=${made.id}`, undefined, known)).status).toBe(304);
    await hospital.update({ ...made, gender: 'other' });
    expect((await hospital.request('GET', `/Patient?_id=${made.id}`, undefined, known)).status).toBe(200);
    expect(
      (
        await hospital.request('GET', `/Patient/${made.id}/_history/1`, undefined, {
          'If-None-Match': 'W/"1"',
        })
      ).status,
    ).toBe(304);
  });

  it('deletes several on a condition, all or none', async () => {
    const tag = [{ system: 'urn:t', code: 'several' }];
    const made = await Promise.all(
      [1, 2, 3].map(() => hospital.create<Patient>({ resourceType: 'Patient', meta: { tag } })),
    );
    const observation = await hospital.create({
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'x' },
      subject: { reference: `Patient/${made[1]?.id}` },
    });
    const all = '/Patient?_tag=urn:t|several';
    expect((await hospital.request('DELETE', all)).status).toBe(409);
    expect((await hospital.get(`${all}&_summary=count`)).json.total).toBe(3);
    await hospital.request('DELETE', `/Observation/${observation.id}`);
    const stale = await hospital.request('DELETE', all, undefined, { 'If-Match': 'W/"2"' });
    expect(stale.status).toBe(412);
    expect((await hospital.request('DELETE', all)).status).toBe(204);
    expect((await hospital.get(`${all}&_summary=count`)).json.total).toBe(0);
    for (const { id } of made) expect((await hospital.get(`/Patient/${id}`)).status).toBe(410);
    expect((await hospital.request('DELETE', all)).status).toBe(404);
  });

  it('gives paging links that serve only who got them, for the search they belong to', async () => {
    for (let at = 0; at < 3; at++)
      await hospital.create<Patient>({ resourceType: 'Patient', meta: { tag: [{ code: 'paged' }] } });
    const first = await hospital.get('/Patient?_tag=paged&_count=2');
    const next = path(link(first.json, 'next'));
    expect((await hospital.get(next)).json.entry).toHaveLength(1);
    const refused = async (party: Party, address: string) => {
      const answer = await party.get(address);
      expect([answer.status, answer.json.issue[0].expression]).toEqual([400, ['http._cursor']]);
      return answer.text;
    };
    const foreign = await refused(center, next);
    expect(
      await refused(
        hospital,
        next.replace(/.$/, last => (last === 'A' ? 'B' : 'A')),
      ),
    ).toBe(foreign);
    expect(await refused(hospital, next.replace('paged', 'other'))).toBe(foreign);
    expect(await refused(hospital, '/Patient?_tag=paged&_cursor=WzFd')).toBe(foreign);
    const history = await hospital.get('/Patient/_history?_count=1');
    const older = path(link(history.json, 'next'));
    expect((await hospital.get(older)).status).toBe(200);
    expect(await refused(center, older)).toBe(foreign);
    const another = await hub.party(`hospital-2-${database.name}`, { of: 'hospital' });
    expect(await refused(another, next)).toBe(foreign);
  });

  it('reads, searches and calls operations inside a Bundle', async () => {
    const made = await hospital.create<Patient>({ resourceType: 'Patient', gender: 'male' });
    const get = (url: string, more: object = {}) => ({ request: { method: 'GET', url, ...more } });
    const batch = await hospital.request('POST', '', {
      resourceType: 'Bundle',
      type: 'batch',
      entry: [
        get(`Patient/${made.id}`, { ifNoneMatch: 'W/"1"' }),
        get(`Patient/${made.id}?_elements=gender`),
        get(`Patient/${made.id}/$meta`),
        get(`Patient/${made.id}/*`),
        get('_history?_count=1'),
        { request: { method: 'HEAD', url: `Patient/${made.id}` } },
        get('Patient/$nothing'),
      ],
    });
    const entries = batch.json.entry as {
      resource?: { resourceType: string };
      response: { status: string };
    }[];
    expect(entries.map(entry => entry.response.status.slice(0, 3))).toEqual([
      '304',
      '200',
      '200',
      '200',
      '200',
      '200',
      '404',
    ]);
    expect(entries.map(entry => entry.resource?.resourceType)).toEqual([
      undefined,
      'Patient',
      'Parameters',
      'Bundle',
      'Bundle',
      undefined,
      undefined,
    ]);
  });

  it('patches, updates, deletes and creates on conditions in one transaction', async () => {
    const person = (value: string, more: object = {}) => ({
      resourceType: 'Patient',
      identifier: [{ system: 'urn:example:cond', value }],
      ...more,
    });
    for (const value of ['patch', 'put', 'gone']) await hospital.create(person(value) as Patient);
    const on = (value: string) => `identifier=urn:example:cond|${value}`;
    const parameters = {
      resourceType: 'Parameters',
      parameter: [
        {
          name: 'operation',
          part: [
            { name: 'type', valueCode: 'add' },
            { name: 'path', valueString: 'Patient' },
            { name: 'name', valueString: 'gender' },
            { name: 'value', valueCode: 'other' },
          ],
        },
      ],
    };
    const bundle = {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        {
          resource: parameters,
          request: { method: 'PATCH', url: `Patient?${on('patch')}`, ifMatch: 'W/"1"' },
        },
        {
          resource: person('put', { gender: 'female' }),
          request: { method: 'PUT', url: `Patient?${on('put')}` },
        },
        { request: { method: 'DELETE', url: `Patient?${on('gone')}` } },
        { resource: person('new'), request: { method: 'POST', url: 'Patient', ifNoneExist: on('new') } },
        { resource: person('new'), request: { method: 'POST', url: 'Patient', ifNoneExist: on('new') } },
      ],
    };
    const answer = await hospital.request('POST', '', bundle);
    const statuses = (answer.json.entry ?? []).map(
      (entry: { response: { status: string } }) => entry.response.status,
    );
    expect(statuses, answer.text).toEqual(['200 OK', '200 OK', '204 No Content', '201 Created', '200 OK']);
    const found = async (value: string) =>
      ((await hospital.get(`/Patient?${on(value)}`)).json.entry ?? []).map(
        (entry: { resource: Patient }) => entry.resource.gender ?? 'none',
      );
    expect(await Promise.all(['patch', 'put', 'gone', 'new'].map(found))).toEqual([
      ['other'],
      ['female'],
      [],
      ['none'],
    ]);
  });
});
