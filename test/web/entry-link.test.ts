import type { HealthcareService, Parameters, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { verifiedOn } from '../../src/referral/routing/facts.ts';
import { onSqlite } from '../harness/databases.ts';
import type { Party, TestHub } from '../harness/hub.ts';
import { communityOrganization } from '../harness/referral.ts';
import { type EntryWorld, food, pantry, startEntryWorld } from './entry-world.ts';
import { addOrganization, visitor } from './link-world.ts';

onSqlite('the link to an entry of the directory', database => {
  let world: EntryWorld;
  let hub: TestHub;
  let hospital: Party;
  let url: string;

  const mails = () => world.mails();
  const own = () => hub.hub.repository(hub.hub.hubActor);
  const stored = async (): Promise<HealthcareService> =>
    (await own().read('HealthcareService', world.entry)).resource() as HealthcareService;

  beforeAll(async () => {
    world = await startEntryWorld(database);
    ({ hub, url } = world);
    await hub.party('hospital');
  });
  afterAll(() => hub.stop());

  const versionIn = (text: string) => /name="version" value="(\w+)"/.exec(text)?.[1] ?? '';
  async function press(fields: Record<string, string>) {
    const version = versionIn((await visitor().get(url)).text);
    return visitor().post(url, { version, ...fields });
  }
  async function matched(): Promise<string> {
    const patient = await hospital.create({ resourceType: 'Patient', birthDate: '1980-01-01' });
    const request = {
      resourceType: 'ServiceRequest',
      status: 'draft',
      intent: 'order',
      code: food,
      subject: { reference: `Patient/${patient.id}` },
    };
    const body = { resourceType: 'Parameters', parameter: [{ name: 'resource', resource: request }] };
    const { json } = await hospital.request('POST', '/ServiceRequest/$match', body);
    return JSON.stringify((json as Parameters).parameter);
  }

  it('is sent once, and shows what the directory says, in either language', async () => {
    expect(world.mail.to).toBe('desk@pantry.example');
    expect(world.mail.subject).toContain('Is_your_entry_in_the_directory');
    for (const told of ['Food boxes', 'No necesitan una cuenta']) expect(world.mail.text).toContain(told);
    hub.clock.advance({ days: 1 });
    await hub.settle();
    expect(await mails()).toEqual([]);
    hospital = await hub.party('hospital-later', { of: 'hospital' });
    const english = (await visitor().get(url)).text;
    for (const told of [
      'Food boxes',
      'Harvest Pantry',
      '(320) 555-0140',
      'Monday and Thursday: 9:00',
      'Spanish',
    ])
      expect(english).toContain(told);
    expect(english).toMatch(/There is a waiting list.*March 1, 2026/);
    expect(english).toContain('Days of waiting: 20');
    const spanish = (await visitor().get(`${url}?lang=es`)).text;
    for (const told of ['Todo esto es correcto', 'lunes y jueves', 'español', '1 de marzo de 2026'])
      expect(spanish).toContain(told);
  });

  it('changes nothing when it is opened, whoever opens it', async () => {
    const before = JSON.stringify(await stored());
    for (const method of ['GET', 'HEAD', 'GET'])
      expect((await visitor().get(url, { method })).status).toBe(200);
    expect((await visitor().post(url, { event: 'accept' })).status).toBe(400);
    const elsewhere = { headers: { 'sec-fetch-site': 'cross-site' }, method: 'POST' };
    expect((await visitor().get(url, { ...elsewhere, body: 'event=confirm-entry' })).status).toBe(403);
    expect(JSON.stringify(await stored())).toBe(before);
  });

  it('says how much room there is, which the next match goes by', async () => {
    expect(await matched()).toContain('"candidate"');
    const full = await press({ event: 'state-capacity', status: 'no-capacity' });
    expect([full.status, full.headers.get('location')]).toEqual([303, '?done=']);
    expect(await matched()).toMatch(/"excluded"/);
    const room = await press({ event: 'state-capacity', status: 'capacity', slots: '4', 'wait-days': '' });
    expect(room.status).toBe(303);
    expect(await matched()).toContain('Has room for new people');
    expect((await visitor().get(`${url}?done=`)).text).toContain('Free places: 4');
  });

  it.each([
    [{ status: 'capacity', slots: '0' }, 422, 'Without a free place there is no room'],
    [{ status: 'capacity', slots: 'many' }, 400, 'Write whole numbers'],
    [{ status: 'capacity', version: '1' }, 412, 'has changed meanwhile'],
  ])('explains what is wrong with %j', async (fields, status, text) => {
    const before = JSON.stringify(await stored());
    const answer = await press({ event: 'state-capacity', ...(fields as Record<string, string>) });
    expect([answer.status, JSON.stringify(await stored())]).toEqual([status, before]);
    expect(answer.text).toContain(text);
  });

  it('confirms the entry with one click, without a code, and the hub asks no more', async () => {
    const done = await press({ event: 'confirm-entry' });
    expect(done.status).toBe(303);
    expect(await mails()).toEqual([]);
    expect(verifiedOn(await stored())).toBe(hub.clock.now().toISOString().slice(0, 10));
    await hub.settle();
    const { entries } = await own().search('Task', new URLSearchParams({ code: 'verify-entry' }));
    expect(entries.map(({ stored: one }) => (one.resource() as Task).status)).toEqual(['completed']);
    const page = await visitor().get(`${url}?done=`);
    expect([page.status, page.text.includes('Thank you')]).toEqual([200, true]);
    expect((await press({ event: 'state-capacity', status: 'waitlist', 'wait-days': '9' })).status).toBe(303);
    const history = await own().history({
      type: 'HealthcareService',
      id: world.entry,
      query: new URLSearchParams(),
    });
    expect(history.entries.length).toBeGreaterThan(3);
  });

  it('reads and writes nothing else, and ends with its address in the directory', async () => {
    await addOrganization(hub, {
      resourceType: 'Organization',
      id: pantry,
      name: 'Harvest Pantry',
      ...communityOrganization,
    });
    const page = await visitor().get(url);
    expect(page.status).toBe(410);
    expect((await visitor().post(url, { event: 'confirm-entry', version: '1' })).status).toBe(410);
  });
});
