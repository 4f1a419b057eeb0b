import type { Bundle, Observation, Patient } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Actor } from '../../src/access/actor.ts';
import { openStore } from '../../src/store/open.ts';
import { eachDatabase } from '../harness/databases.ts';
import { type Answer, type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { treatingOrganization } from '../harness/referral.ts';

const numbers = (answer: Answer): number[] =>
  ((answer.json as Bundle).entry ?? [])
    .map(entry => (entry.resource as Observation).valueInteger ?? Number.NaN)
    .sort((a, b) => a - b);

/** Who asks the same again is given what a first question would give. */
eachDatabase('what is asked again and again', database => {
  let hub: TestHub;
  let hospital: Party;
  let center: Party;
  let patient: Patient & { id: string };

  beforeAll(async () => {
    hub = await startTestHub(database);
    hospital = await hub.party('hospital', { organization: treatingOrganization });
    center = await hub.party('center', { organization: treatingOrganization });
    patient = await hospital.create<Patient>({ resourceType: 'Patient' });
    await observe(1);
  });
  afterAll(() => hub.stop());

  const observe = (valueInteger: number) =>
    hospital.create<Observation>({
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'score' },
      subject: { reference: `Patient/${patient.id}` },
      valueInteger,
    });
  const address = () => `/Observation?patient=${patient.id}`;
  const polled = async (party: Party): Promise<number[]> => {
    const answers: Answer[] = [];
    for (let turn = 0; turn < 4; turn++) answers.push(await party.get(address()));
    expect(new Set(answers.map(one => one.text)).size).toBe(1);
    expect(new Set(answers.map(one => one.headers.get('etag'))).size).toBe(1);
    return numbers(answers[0] as Answer);
  };
  const relate = async (via: number, starts: number, ends: number | null) => {
    const row = {
      patient: patient.id,
      org: center.organization.split('/')[1] ?? '',
      labels: 0,
      starts,
      ends,
    };
    await hub.hub.store.commit({ expect: [], writes: [], links: [{ via, relations: [row], parties: [] }] });
  };

  it('shows what has been written, changed and deleted since', async () => {
    expect(await polled(hospital)).toEqual([1]);
    const second = await observe(2);
    expect(await polled(hospital)).toEqual([1, 2]);
    await hospital.update({ ...second, valueInteger: 3 });
    expect(await polled(hospital)).toEqual([1, 3]);
    await hospital.request('DELETE', `/Observation/${second.id}`);
    expect(await polled(hospital)).toEqual([1]);
  });

  it('shows by its id what has been written, deleted and hidden since', async () => {
    const third = await observe(3);
    const read = async (party: Party) => {
      const answers: Answer[] = [];
      for (let turn = 0; turn < 4; turn++) answers.push(await party.get(`/Observation/${third.id}`));
      expect(new Set(answers.map(one => `${one.status} ${one.text}`)).size).toBe(1);
      return answers[0] as Answer;
    };
    expect((await read(hospital)).json.valueInteger).toBe(3);
    expect((await read(center)).status).toBe(404);
    await hospital.update({ ...third, valueInteger: 4 });
    expect((await read(hospital)).json.valueInteger).toBe(4);
    await hospital.request('DELETE', `/Observation/${third.id}`);
    expect((await read(hospital)).status).toBe(410);
  });

  it('serves nobody what another was given', async () => {
    expect(await polled(hospital)).toEqual([1]);
    expect(await polled(center)).toEqual([]);
    const narrow = await hub.party('narrow', { of: hospital.name, scope: 'system/Patient.rs' });
    expect((await narrow.get(address())).status).toBe(403);
  });

  it('records each time what was shown', async () => {
    const before = await polled(hospital);
    const events = await hub.hub.auditStore.search({
      keys: [[`p:${patient.id}`]],
      kinds: ['search'],
      limit: 1000,
    });
    expect(before).toEqual([1]);
    expect(events.length).toBeGreaterThanOrEqual(3);
    for (const { event } of events.slice(0, 3)) {
      expect(event.entities).toEqual([expect.objectContaining({ type: 'Observation', patient: patient.id })]);
    }
  });

  it('shows at once what another process changes', async () => {
    const { databaseUrl: url } = hub.config;
    const other = await openStore(url ? { url } : { file: `${hub.config.data}/hub.sqlite` });
    try {
      expect(await polled(center)).toEqual([]);
      const [via = 0] = await other.reserve(1);
      const org = center.organization.split('/')[1] ?? '';
      const row = { patient: patient.id, org, labels: 0, starts: 0, ends: null };
      await other.commit({ expect: [], writes: [], links: [{ via, relations: [row], parties: [] }] });
      expect(await polled(center)).toEqual([1]);
      await other.commit({ expect: [], writes: [], links: [{ via, relations: [], parties: [] }] });
      expect(await polled(center)).toEqual([]);
    } finally {
      await other.close();
    }
  });

  it('shows nothing from the moment a relationship ends or before it begins, though nothing is written', async () => {
    const [via = 0] = await hub.hub.store.reserve(1);
    const start = hub.clock.now();
    await relate(via, 0, start.getTime() + 120_000);
    const actor: Actor = {
      kind: 'client',
      id: 'center',
      organization: center.organization.split('/')[1] ?? '',
      scopes: [
        { type: 'Observation', create: false, read: true, update: false, delete: false, search: true },
      ],
    };
    const repository = hub.hub.repository(actor);
    let seen = '';
    const found = async () => {
      const pages = [];
      for (let turn = 0; turn < 4; turn++) {
        pages.push(await repository.search('Observation', new URLSearchParams({ _count: '5' })));
      }
      const [shown] = pages[0]?.entries ?? [];
      if (shown) seen = shown.stored.id;
      for (let turn = 0; turn < 3; turn++) {
        const one = await repository.read('Observation', seen).catch(() => undefined);
        expect(one !== undefined).toBe(shown !== undefined);
      }
      return pages.map(page => page.entries.length);
    };
    expect(await found()).toEqual([1, 1, 1, 1]);
    hub.clock.advance({ minutes: 1 });
    expect(await found()).toEqual([1, 1, 1, 1]);
    hub.clock.advance({ minutes: 1 });
    expect(await found()).toEqual([0, 0, 0, 0]);
    hub.clock.set(start.toISOString());
    expect(await found()).toEqual([1, 1, 1, 1]);
    await relate(via, start.getTime() + 60_000, null);
    expect(await found()).toEqual([0, 0, 0, 0]);
    hub.clock.advance({ minutes: 1 });
    expect(await found()).toEqual([1, 1, 1, 1]);
  });
});
