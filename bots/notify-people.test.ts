import { join } from 'node:path';
import type { Communication, Organization, PractitionerRole, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { noticeTag, quietHours, wishesOf } from '../src/referral/notices/wishes.ts';
import { invite } from '../test/auth/app-world.ts';
import { actor, written } from '../test/harness/consents.ts';
import { onSqlite } from '../test/harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../test/harness/hub.ts';
import { refer, reference, treatingOrganization } from '../test/harness/referral.ts';
import { visit } from '../test/harness/visit.ts';
import { takeMails } from '../test/web/link-world.ts';

const chicago: Partial<Organization> = {
  ...treatingOrganization,
  extension: [
    { url: 'http://hl7.org/fhir/StructureDefinition/timezone', valueCode: 'America/Chicago' },
    {
      url: quietHours,
      extension: [
        { url: 'from', valueTime: '21:00:00' },
        { url: 'to', valueTime: '07:00:00' },
      ],
    },
  ],
};

onSqlite('people who want to be told', database => {
  let hub: TestHub;
  let hospital: Party;
  let center: Party;

  beforeAll(async () => {
    hub = await startTestHub(database, { HUB_LOG: 'silent' });
    hub.clock.set('2026-03-02T16:00:00Z');
    hospital = await hub.party('hospital', { organization: chicago });
    center = await hub.party('center', { organization: treatingOrganization });
    for (const [name, wish] of [
      ['now', 'at-once'],
      ['daily', 'digest'],
      ['silent', undefined],
    ] as const)
      await person(hospital, name, wish);
    await person(center, 'intake', 'at-once');
  });
  afterAll(() => hub.stop());

  const person = (party: Party, name: string, wish: string | undefined) =>
    party.create<PractitionerRole>({
      resourceType: 'PractitionerRole',
      ...(wish ? { meta: { tag: [{ system: noticeTag, code: wish }] } } : {}),
      active: true,
      organization: { reference: party.organization },
      telecom: [{ system: 'email', value: `${name}@${party.name}.example` }],
    });

  const settle = async () => {
    await hub.settle();
    await hub.hub.delivery.drain();
  };
  const mails = () => takeMails(join(hub.config.data, 'mail'));
  const took = async () => (await mails()).map(({ to }) => to);
  /** A referral to the hub, which finds nobody: the hospital is asked to choose. */
  const ask = async () => {
    const asked = await refer(hospital, `Organization/${hub.hub.parts.hubOrganization}`, {
      patient: { name: [{ family: 'Unmistakable' }] },
    });
    await settle();
    return asked;
  };

  it('at once are told so, once for each turn, and nothing of anybody', async () => {
    const { task, patient, request } = await ask();
    const sent = await mails();
    expect(sent.map(({ to }) => to)).toContain('now@hospital.example');
    expect(sent.map(({ to }) => to)).not.toContain('silent@hospital.example');
    for (const { text } of sent) {
      expect(text).toContain(hub.url);
      for (const secret of ['Unmistakable', task.id, patient.id, request.id])
        expect(text).not.toContain(secret);
    }
    hub.clock.advance({ minutes: 10 });
    await settle();
    expect(await took()).not.toContain('now@hospital.example');
    const found = await hub.hub
      .repository(hub.hub.hubActor)
      .search('Communication', new URLSearchParams({ status: 'completed' }));
    const told = found.entries.map(({ stored }) => stored.resource() as Communication);
    expect(told.map(({ recipient }) => recipient?.length)).toContain(1);
  });

  it('hear of what another organization asks theirs, without the hub between them', async () => {
    await refer(hospital, center.organization);
    await settle();
    expect(await took()).toEqual(['intake@center.example']);
  });

  it('hear also of what the hub itself may not see', async () => {
    const security = [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'SUD' }];
    const patient = await hospital.create({ resourceType: 'Patient', birthDate: '1988-08-08' });
    const { id: _id, ...consent } = written(
      { actor: [actor('center'), actor('hub', 'INF')] },
      { patient: reference(patient) },
    );
    await hospital.create(consent);
    const restricted = { request: { meta: { security } }, task: { meta: { security } } };
    const { task } = await refer(hospital, center.organization, { of: patient, ...restricted });
    await expect(hub.hub.repository(hub.hub.hubActor).read('Task', task.id)).rejects.toThrow();
    await settle();
    expect(await took()).toEqual(['intake@center.example']);
    const own = (await center.get(`/Task/${task.id}`)).json as Task;
    expect((await center.update({ ...own, status: 'accepted' })).status).toBe(200);
    await settle();
    expect(await took()).toEqual(['intake@center.example']);
  });

  it('are left alone in quiet hours, and told when they are over; the digest comes once a day', async () => {
    hub.clock.set('2026-03-03T04:00:00Z');
    await settle();
    await mails();
    hospital = await hub.party('hospital-night', { of: 'hospital' });
    await ask();
    expect(await took()).toEqual([]);
    hub.clock.set('2026-03-03T13:05:00Z');
    await settle();
    expect((await took()).filter(to => to.endsWith('hospital.example'))).toEqual(['now@hospital.example']);
    hub.clock.set('2026-03-03T14:05:00Z');
    await settle();
    expect((await took()).filter(to => to.endsWith('hospital.example'))).toEqual(['daily@hospital.example']);
    hub.clock.set('2026-03-03T15:05:00Z');
    await settle();
    expect((await took()).filter(to => to.endsWith('hospital.example'))).toEqual([]);
  });

  it('say on the page of their account how they want to be told, and are written to by its address', async () => {
    const { session, email } = await invite(hub, { name: 'ada', role: 'intake', organization: 'hospital' });
    const browser = visit(hub.url);
    browser.cookies.set(hub.hub.people.cookies.session, session ?? '');
    const say = (fields: Record<string, string>) => browser.send('/account', '/account/notices', fields);
    const role = async () => {
      const query = new URLSearchParams({ organization: 'Organization/hospital', _count: '50' });
      const found = await hub.hub.repository(hub.hub.hubActor).search('PractitionerRole', query);
      const all = found.entries.map(({ stored }) => stored.resource() as PractitionerRole);
      return wishesOf(all.find(one => one.practitioner?.display === 'ada') ?? all[0] ?? never());
    };
    const wrong = await say({ wish: 'at-once', from: '25:00', to: '' });
    expect(wrong.status).toBe(422);
    for (const text of ['A time such as 21:00.', 'Give both times, or none.'])
      expect(wrong.text).toContain(text);
    expect(await role()).toEqual({});
    const saved = await say({ wish: 'at-once', from: '08:00', to: '09:10' });
    expect([saved.status, saved.location]).toEqual([303, '/account?notice=notices']);
    expect(await role()).toEqual({ wish: 'at-once', quiet: { from: '08:00', to: '09:10' } });
    expect((await browser.get('/account')).text).toMatch(/value="at-once" selected=""[\s\S]*value="08:00"/);
    hospital = await hub.party('hospital-day', { of: 'hospital' });
    await ask();
    expect(await took()).not.toContain(email);
    hub.clock.set('2026-03-03T15:15:00Z');
    await settle();
    expect(await took()).toContain(email);
    await say({ wish: '', from: '', to: '' });
    expect(await role()).toEqual({});
    await ask();
    expect(await took()).not.toContain(email);
  });
});

function never(): never {
  throw new Error('there is no such role');
}
