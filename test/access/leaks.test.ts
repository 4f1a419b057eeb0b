import type { Bundle, Condition, Observation, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eachDatabase } from '../harness/databases.ts';
import { type Answer, type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { type Referral, refer, reference, treatingOrganization } from '../harness/referral.ts';

const mark = 'Leakworthy';
const actCode = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';

const found = (answer: Answer): string[] =>
  ((answer.json as Bundle).entry ?? [])
    .filter(({ resource }) => resource && resource.resourceType !== 'OperationOutcome')
    .map(({ resource }) => `${resource?.resourceType}/${resource?.id}`);

/** Who declined keeps the Task, and nothing that it points to: each path out of it ends in nothing. */
eachDatabase('paths by which something could leak', database => {
  let hub: TestHub;
  let hospital: Party;
  let center: Party;
  let decliner: Party;
  let referral: Referral;
  let plain: Condition & { id: string };
  let labelled: Observation & { id: string };

  beforeAll(async () => {
    hub = await startTestHub(database);
    hospital = await hub.party('hospital', { organization: treatingOrganization });
    center = await hub.party('center', { organization: treatingOrganization });
    decliner = await hub.party('decliner', { organization: treatingOrganization });
    referral = await refer(hospital, decliner.organization, {
      patient: {
        identifier: [{ system: 'urn:mrn', value: mark }],
        name: [{ family: mark }],
        birthDate: '1971-07-07',
      },
    });
    const about = { subject: reference(referral.patient) };
    plain = await hospital.create<Condition>({ resourceType: 'Condition', code: { text: mark }, ...about });
    labelled = await hospital.create<Observation>({
      resourceType: 'Observation',
      meta: { security: [{ system: actCode, code: 'SUD' }] },
      status: 'final',
      code: { coding: [{ system: 'urn:x', code: 'hidden' }] },
      valueInteger: 1,
      ...about,
    });
    await change(decliner, referral.task.id, { status: 'rejected', statusReason: { text: 'no capacity' } });
    const other = await refer(hospital, center.organization, { of: referral.patient });
    await change(center, other.task.id, { status: 'accepted' });
  });
  afterAll(() => hub.stop());

  async function change(by: Party, id: string, to: Partial<Task>): Promise<void> {
    const task = (await by.get(`/Task/${id}`)).json as Task;
    const answer = await by.update({ ...task, ...to });
    expect(answer.status, answer.text).toBe(200);
  }

  const ofTask = (more: string) => `/Task?_id=${referral.task.id}${more}`;

  describe('from a Task that one sees to a person whom one does not', () => {
    it.each(['&_include=Task:patient', '&_include=Task:focus', '&_include=*', '&_include:iterate=*'])(
      'an include %s',
      async more => {
        const all = found(await decliner.get(ofTask(more))).filter(one => !one.startsWith('Organization/'));
        expect(all).toEqual([`Task/${referral.task.id}`]);
        expect(found(await hospital.get(ofTask(more))).length).toBeGreaterThan(1);
      },
    );

    it.each([
      '&patient.birthdate=1971-07-07',
      `&patient:Patient.family=${mark}`,
      `&patient.identifier=urn:mrn|${mark}`,
      '&focus:ServiceRequest.status=active',
      `&focus:ServiceRequest.subject:Patient.family=${mark}`,
    ])('a chain %s', async more => {
      expect(found(await decliner.get(ofTask(more)))).toEqual([]);
      expect(found(await hospital.get(ofTask(more)))).toEqual([`Task/${referral.task.id}`]);
    });

    it('a GraphQL edge', async () => {
      const { json } = await hospital.get('/metadata');
      const operations = (json.rest[0].operation ?? []) as { name: string }[];
      expect(operations.map(({ name }) => name)).toContain('graphql');
      const query = `{ Task(id: "${referral.task.id}") { id for { resource { ... on Patient { birthDate } } } } }`;
      const ask = (by: Party) => by.get(`/$graphql?query=${encodeURIComponent(query)}`);
      const [theirs, own] = [await ask(decliner), await ask(hospital)];
      expect(own.text).toContain('1971-07-07');
      expect(theirs.json.data.Task.id).toBe(referral.task.id);
      expect(theirs.text).not.toContain('1971-07-07');
    });
  });

  it('_has: through a record that is hidden, nobody is selected', async () => {
    const path = `/Patient?_id=${referral.patient.id}&_has:Observation:subject:code=urn:x|hidden`;
    expect(found(await center.get(`/Patient?_id=${referral.patient.id}`))).toHaveLength(1);
    expect(found(await center.get(path))).toEqual([]);
    expect(found(await hospital.get(path))).toHaveLength(1);
  });

  it('totals and counts tell nothing of what is hidden', async () => {
    for (const more of ['_total=accurate', '_summary=count']) {
      expect((await center.get(`/Observation?_security=SUD&${more}`)).json.total).toBe(0);
      expect((await hospital.get(`/Observation?_security=SUD&${more}`)).json.total).toBe(1);
    }
  });

  it('a sort key: those who see one Task see it in one place, whoever the person is', async () => {
    const orders = await Promise.all(
      ['_lastUpdated', '-_lastUpdated', 'status', 'authored-on'].map(key =>
        decliner.get(`/Task?_sort=${key}`),
      ),
    );
    for (const order of orders) expect(found(order)).toEqual([`Task/${referral.task.id}`]);
    expect((await decliner.get('/Task?_sort=patient.family')).status).toBe(400);
  });

  it('a history entry: the label of today hides the versions of yesterday', async () => {
    const note = await hospital.create<Condition>({
      resourceType: 'Condition',
      code: { text: 'first' },
      subject: reference(referral.patient),
    });
    const path = `/Condition/${note.id}/_history`;
    expect((await center.get(path)).status).toBe(200);
    await hospital.update({ ...note, meta: { security: [{ system: actCode, code: 'SUD' }] } });
    expect((await center.get(path)).status).toBe(404);
    expect((await center.get(`${path}/1`)).status).toBe(404);
    for (const all of ['/Condition/_history?_count=1000', '/_history?_count=1000'])
      expect(found(await center.get(all))).not.toContain(`Condition/${note.id}`);
  });

  it('a deleted resource is gone for who saw it, and was never there for who did not', async () => {
    const gone = await hospital.create<Condition>({
      resourceType: 'Condition',
      code: { text: 'soon gone' },
      subject: reference(referral.patient),
    });
    await hospital.request('DELETE', `/Condition/${gone.id}`);
    const absent = gone.id.replace(/.$/, last => (last === '0' ? '1' : '0'));
    const [deleted, never] = await Promise.all([gone.id, absent].map(id => decliner.get(`/Condition/${id}`)));
    expect([deleted?.status, deleted?.text.replaceAll(gone.id, '*')]).toEqual([
      404,
      never?.text.replaceAll(absent, '*'),
    ]);
    expect((await hospital.get(`/Condition/${gone.id}`)).status).toBe(410);
    expect((await decliner.get('/Condition/_history')).text).not.toContain(gone.id);
  });

  it('a reference inside a transaction: to what is hidden as to nothing, and nothing is written', async () => {
    const transaction = (id: string) =>
      decliner.request('POST', '/', {
        resourceType: 'Bundle',
        type: 'transaction',
        entry: [
          {
            resource: { resourceType: 'Basic', code: { text: 'kept?' } },
            request: { method: 'POST', url: 'Basic' },
          },
          {
            resource: { resourceType: 'Condition', subject: { reference: `Patient/${id}` } },
            request: { method: 'POST', url: 'Condition' },
          },
        ],
      });
    const { id } = referral.patient;
    const absent = id.replace(/.$/, last => (last === '0' ? '1' : '0'));
    const [hidden, nothing] = [await transaction(id), await transaction(absent)];
    expect([hidden.status, hidden.text.replaceAll(id, '*')]).toEqual([
      nothing.status,
      nothing.text.replaceAll(absent, '*'),
    ]);
    expect(hidden.status).toBe(422);
    expect(found(await decliner.get('/Basic'))).toEqual([]);
  });

  it('an ETag: asked with the right one or a wrong one, what is hidden answers the same', async () => {
    const path = `/Observation/${labelled.id}`;
    const answers = await Promise.all(
      ['W/"1"', 'W/"9"', '*'].flatMap(tag => [
        center.request('GET', path, undefined, { 'If-None-Match': tag }),
        center.request('DELETE', path, undefined, { 'If-Match': tag }),
        center.request('PUT', path, labelled, { 'If-Match': tag }),
      ]),
    );
    const ofGet = answers.filter((_, index) => index % 3 === 0);
    expect(new Set(ofGet.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    for (const answer of answers) expect(answer.headers.get('etag')).toBeNull();
    for (const kind of [1, 2]) {
      const same = answers.filter((_, index) => index % 3 === kind);
      expect(new Set(same.map(({ status }) => status)).size).toBe(1);
      expect(same[0]?.status).toBeGreaterThanOrEqual(400);
    }
    expect((await hospital.get(path)).status).toBe(200);
  });

  it("a conditional create's answer: what matches out of sight does not match", async () => {
    const condition = `identifier=urn:mrn|${mark}`;
    const patient = { resourceType: 'Patient', identifier: [{ system: 'urn:mrn', value: mark }] };
    const answer = await decliner.request('POST', '/Patient', patient, { 'If-None-Exist': condition });
    const fresh = { ...patient, identifier: [{ system: 'urn:mrn', value: 'nobody' }] };
    const control = await decliner.request('POST', '/Patient', fresh, {
      'If-None-Exist': 'identifier=urn:mrn|nobody',
    });
    expect([answer.status, control.status]).toEqual([201, 201]);
    expect(answer.json.id).not.toBe(referral.patient.id);
    const deleted = await decliner.request('DELETE', `/Condition?code:text=${mark}`);
    const control2 = await decliner.request('DELETE', '/Condition?code:text=nothing-at-all');
    expect([deleted.status, deleted.text]).toEqual([control2.status, control2.text]);
    expect((await hospital.get(`/Condition/${plain.id}`)).status).toBe(200);
  });

  it('an error text says nothing of what is hidden', async () => {
    const { id } = referral.patient;
    const answers = await Promise.all([
      decliner.get(`/Patient/${id}`),
      decliner.update({ resourceType: 'Patient', id, name: [{ family: 'x' }] }),
      decliner.request('PATCH', `/Patient/${id}`, [{ op: 'test', path: '/name/0/family', value: mark }], {
        'Content-Type': 'application/json-patch+json',
      }),
      decliner.get(`/Patient/${id}/$everything`),
      decliner.get(`/Patient/${id}/Condition`),
      decliner.request('POST', '/Condition', {
        resourceType: 'Condition',
        subject: { reference: `Patient/${id}` },
      }),
    ]);
    for (const { text } of answers) expect(text).not.toMatch(new RegExp(`${mark}|1971|hospital`));
  });

  it('a paging link of another actor opens nothing', async () => {
    const mine = await hospital.get('/Condition?_count=1');
    const next = (mine.json as Bundle).link?.find(({ relation }) => relation === 'next')?.url ?? '';
    expect(next).not.toBe('');
    const path = next.slice(`${hub.url}/fhir`.length);
    expect((await hospital.get(path)).status).toBe(200);
    const theirs = await decliner.get(path);
    expect([theirs.status, found(theirs)]).toEqual([400, []]);
  });
});
