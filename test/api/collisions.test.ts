import type { Bundle, BundleEntry, Patient } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';

const uuid = (n: number) => `urn:uuid:00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const mrn = 'urn:example:mrn';
const person = (value: string): Patient => ({
  resourceType: 'Patient',
  identifier: [{ system: mrn, value }],
});
const transaction = (entry: BundleEntry[]): Bundle => ({
  resourceType: 'Bundle',
  type: 'transaction',
  entry,
});

eachDatabase('transactions that are large, or meet', database => {
  let hub: TestHub;
  let hospital: Party;

  beforeAll(async () => {
    hub = await startTestHub(database);
    hospital = await hub.party('hospital');
  });
  afterAll(() => hub.stop());

  const count = async (search: string): Promise<number> =>
    (await hospital.get(`/${search}&_summary=count`)).json.total;

  it('writes 5,000 entries as one, with references in any order, conditional ones and several conditions', async () => {
    await hospital.create(person('there'));
    const observation = (reference: string): BundleEntry => ({
      resource: { resourceType: 'Observation', status: 'final', code: { text: 'x' }, subject: { reference } },
      request: { method: 'POST', url: 'Observation' },
    });
    const patients = Array.from({ length: 100 }, (_, at): BundleEntry => {
      const ifNoneExist = `identifier=${mrn}|large-${at % 50}`;
      return {
        fullUrl: uuid(at),
        resource: person(`large-${at % 50}`),
        request: { method: 'POST', url: 'Patient', ...(at % 2 ? { ifNoneExist } : {}) },
      };
    });
    const observations = Array.from({ length: 4900 }, (_, at) =>
      observation(at % 100 === 99 ? `Patient?identifier=${mrn}|there` : uuid(at % 100)),
    );
    const bundle = transaction([...observations.slice(0, 4000), ...patients, ...observations.slice(4000)]);
    const answer = await hospital.request('POST', '', bundle);
    expect(answer.status, answer.text.slice(0, 500)).toBe(200);
    expect(answer.json.entry).toHaveLength(5000);
    expect(await count(`Observation?patient.identifier=${mrn}|there`)).toBe(49);
    expect(await count('Observation?status=final')).toBe(4900);
  }, 60_000);

  it('leaves nothing of one that fails in its last entry', async () => {
    const entry = Array.from(
      { length: 50 },
      (_, at): BundleEntry => ({
        fullUrl: uuid(at),
        resource: person('rolled-back'),
        request: { method: 'POST', url: 'Patient' },
      }),
    );
    const bad: BundleEntry[] = [
      {
        resource: { ...person('rolled-back'), gender: 'bogus' as never },
        request: { method: 'POST', url: 'Patient' },
      },
      { request: { method: 'DELETE', url: 'Patient/none' } },
      {
        resource: { resourceType: 'Condition', subject: { reference: 'Patient/none' } },
        request: { method: 'POST', url: 'Condition' },
      },
    ];
    for (const last of bad) {
      const answer = await hospital.request('POST', '', transaction([...entry, last]));
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.json.issue[0].expression ?? answer.json.issue[0].details.text).toBeTruthy();
      expect(await count(`Patient?identifier=${mrn}|rolled-back`)).toBe(0);
    }
  });

  it('lets one of those that collide win, and tells the others why, of whom nothing is left', async () => {
    const made = await hospital.create(person('collide'));
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, at) =>
        hospital.request(
          'POST',
          '',
          transaction([
            { resource: person(`side-${at}`), request: { method: 'POST', url: 'Patient' } },
            {
              resource: { ...made, birthDate: `198${at}-01-01` },
              request: { method: 'PUT', url: `Patient/${made.id}`, ifMatch: 'W/"1"' },
            },
          ]),
        ),
      ),
    );
    const statuses = answers.map(answer => answer.status).sort();
    expect(statuses[0]).toBe(200);
    expect(statuses.slice(1).every(status => status === 409 || status === 412)).toBe(true);
    for (const [at, { status, json }] of answers.entries()) {
      expect(await count(`Patient?identifier=${mrn}|side-${at}`)).toBe(status === 200 ? 1 : 0);
      if (status === 412) expect(json.issue[0].details.text).toMatch(/version 2 now|has changed/);
    }
    expect((await hospital.get(`/Patient/${made.id}`)).json.meta.versionId).toBe('2');
  });

  it('makes one resource of 100 conditional creates at once, each in a transaction of its own', async () => {
    const ifNoneExist = `identifier=${mrn}|hundred`;
    const answers = await Promise.all(
      Array.from({ length: 100 }, () =>
        hospital.request(
          'POST',
          '',
          transaction([
            {
              fullUrl: uuid(1),
              resource: person('hundred'),
              request: { method: 'POST', url: 'Patient', ifNoneExist },
            },
            {
              resource: { resourceType: 'Condition', subject: { reference: uuid(1) } },
              request: { method: 'POST', url: 'Condition' },
            },
          ]),
        ),
      ),
    );
    const statuses = answers.map(answer => answer.status);
    // Who met too many others may be told to try again; nobody makes a second person.
    expect(statuses.every(status => status === 200 || status === 409)).toBe(true);
    expect(await count(`Patient?identifier=${mrn}|hundred`)).toBe(1);
    expect(await count(`Condition?patient.identifier=${mrn}|hundred`)).toBe(
      statuses.filter(status => status === 200).length,
    );
  }, 60_000);
});
