import type { Patient } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';

const uuid = (n: number) => `urn:uuid:00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const person = (value: string): Patient => ({
  resourceType: 'Patient',
  identifier: [{ system: 'urn:example:mrn', value }],
});
const bundle = (type: 'transaction' | 'batch', entry: object[]) => ({ resourceType: 'Bundle', type, entry });
const post = (resource: { resourceType: string }, more: object = {}) => ({
  resource,
  request: { method: 'POST', url: resource.resourceType },
  ...more,
});

interface EntryAnswer {
  response: {
    status: string;
    location?: string;
    etag?: string;
    outcome?: { issue: { details: { text: string } }[] };
  };
  resource?: { id: string; total?: number; resourceType: string };
}

eachDatabase('transactions and batches', database => {
  let hub: TestHub;
  let hospital: Party;

  beforeAll(async () => {
    hub = await startTestHub(database);
    hospital = await hub.party('hospital');
  });
  afterAll(() => hub.stop());

  const send = async (body: object): Promise<EntryAnswer[]> => {
    const answer = await hospital.request('POST', '/', body);
    expect(answer.status, answer.text).toBe(200);
    return answer.json.entry;
  };

  it('resolves references between entries in any order, and conditional ones', async () => {
    await hospital.create(person('known'));
    const entries = await send(
      bundle('transaction', [
        post({ resourceType: 'Condition', subject: { reference: uuid(1) } } as never, { fullUrl: uuid(2) }),
        post({
          resourceType: 'Condition',
          subject: { reference: 'Patient?identifier=urn:example:mrn|known' },
        } as never),
        post({
          resourceType: 'Condition',
          subject: { reference: 'Patient?identifier=urn:example:mrn|fresh' },
        } as never),
        post(person('fresh'), { fullUrl: uuid(1) }),
      ]),
    );
    expect(entries.map(one => one.response.status)).toEqual(Array(4).fill('201 Created'));
    const patient = entries[3]?.response.location?.match(/Patient\/[^/]+/)?.[0];
    const conditions = await hospital.get(`/Condition?subject=${patient}`);
    expect(conditions.json.entry).toHaveLength(2);
    expect((await hospital.get('/Condition?subject.identifier=known')).json.entry).toHaveLength(1);
  });

  it('makes one resource of two conditional creates with one condition', async () => {
    const create = (n: number) => ({
      resource: person('twice'),
      fullUrl: uuid(n),
      request: { method: 'POST', url: 'Patient', ifNoneExist: 'identifier=urn:example:mrn|twice' },
    });
    const refer = (n: number) =>
      post({ resourceType: 'Condition', subject: { reference: uuid(n) } } as never);
    const entries = await send(bundle('transaction', [create(1), refer(1), create(2), refer(2)]));
    expect(entries[0]?.response.location).toBe(entries[2]?.response.location);
    expect((await hospital.get('/Condition?patient.identifier=twice')).json.entry).toHaveLength(2);
  });

  it('deletes what refers and what is referred to together, and reads afterwards', async () => {
    const patient = await hospital.create(person('leaving'));
    const condition = await hospital.create({
      resourceType: 'Condition',
      subject: { reference: `Patient/${patient.id}` },
    });
    const entries = await send(
      bundle('transaction', [
        { request: { method: 'GET', url: 'Patient?identifier=leaving' } },
        { request: { method: 'DELETE', url: `Patient/${patient.id}` } },
        { request: { method: 'DELETE', url: `Condition/${condition.id}` } },
      ]),
    );
    expect(entries[0]?.resource).toMatchObject({ resourceType: 'Bundle', type: 'searchset' });
    expect(entries[0]?.resource).not.toHaveProperty('entry');
    expect(entries[1]?.response.status).toBe('204 No Content');
  });

  it('writes 1,500 entries as one', async () => {
    const entries = await send(
      bundle('transaction', [
        post(person('many'), { fullUrl: uuid(0) }),
        ...Array.from({ length: 1499 }, () =>
          post({
            resourceType: 'Observation',
            status: 'final',
            code: { text: 'x' },
            subject: { reference: uuid(0) },
          } as never),
        ),
      ]),
    );
    expect(entries).toHaveLength(1500);
    expect((await hospital.get('/Observation?patient.identifier=many&_summary=count')).json.total).toBe(1499);
  });

  it('refuses a resource twice in one transaction, and a stale If-Match in its last entry, whole', async () => {
    const made = await hospital.create(person('twin'));
    const put = { resource: made, request: { method: 'PUT', url: `Patient/${made.id}` } };
    expect((await hospital.request('POST', '/', bundle('transaction', [put, put]))).status).toBe(400);
    const stale = {
      resource: { ...made, gender: 'other' },
      request: { method: 'PUT', url: `Patient/${made.id}`, ifMatch: 'W/"9"' },
    };
    const answer = await hospital.request(
      'POST',
      '/',
      bundle('transaction', [post(person('not-made')), stale]),
    );
    expect(answer.status).toBe(412);
    expect((await hospital.get('/Patient?identifier=not-made')).json.entry).toBeUndefined();
  });

  it('answers each entry of a batch for itself', async () => {
    const entries = await send(
      bundle('batch', [
        post(person('batch-1')),
        post({ resourceType: 'Patient', gender: 'bogus' } as never),
        { request: { method: 'GET', url: 'Patient/absent' } },
        { request: { method: 'GET', url: 'Patient?identifier=batch-1' } },
      ]),
    );
    expect(entries.map(one => one.response.status.slice(0, 3))).toEqual(['201', '400', '404', '200']);
    expect(entries[1]?.response.outcome?.issue[0]?.details.text).toMatch(/gender|bogus/);
  });

  it('patches inside a Bundle', async () => {
    const made = await hospital.create(person('patched'));
    const data = Buffer.from(JSON.stringify([{ op: 'add', path: '/gender', value: 'other' }])).toString(
      'base64',
    );
    const patch = { resourceType: 'Binary', contentType: 'application/json-patch+json', data };
    await send(
      bundle('transaction', [{ resource: patch, request: { method: 'PATCH', url: `Patient/${made.id}` } }]),
    );
    expect((await hospital.get(`/Patient/${made.id}`)).json.gender).toBe('other');
  });

  it('makes one of 100 concurrent conditional creates', async () => {
    const headers = { 'If-None-Exist': 'identifier=urn:example:mrn|race' };
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => hospital.request('POST', '/Patient', person('race'), headers)),
    );
    const statuses = answers.map(answer => answer.status);
    expect(statuses.filter(status => status === 201)).toHaveLength(1);
    expect(statuses.filter(status => status === 200)).toHaveLength(99);
    expect(new Set(answers.map(answer => answer.json.id)).size).toBe(1);
  });

  it('has one winner of two updates that name the same version', async () => {
    const made = await hospital.create(person('collide'));
    const update = (gender: string) =>
      hospital.request('PUT', `/Patient/${made.id}`, { ...made, gender }, { 'If-Match': 'W/"1"' });
    const answers = await Promise.all(['male', 'female', 'other', 'unknown'].map(update));
    expect(answers.map(answer => answer.status).sort()).toEqual([200, 412, 412, 412]);
  });
});
