import type { AddressInfo } from 'node:net';
import type { Communication, Organization, PractitionerRole } from '@medplum/fhirtypes';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { noticeTag, quietHours } from '../../src/referral/notices/wishes.ts';
import { eachDatabase } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { refer, treatingOrganization } from '../harness/referral.ts';

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

eachDatabase('notices by mail', database => {
  let hub: TestHub;
  let hospital: Party;
  let server: SMTPServer;
  let working = true;
  const mails: { to: string[]; text: string }[] = [];

  beforeAll(async () => {
    server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData(stream, session, done) {
        const parts: Buffer[] = [];
        stream.on('data', part => parts.push(part));
        stream.on('end', () => {
          if (!working) return done(new Error('not now'));
          const to = session.envelope.rcptTo.map(one => one.address);
          mails.push({ to, text: Buffer.concat(parts).toString().replaceAll('=\r\n', '') });
          done();
        });
      },
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.server.address() as AddressInfo;
    hub = await startTestHub(database, { HUB_SMTP_URL: `smtp://127.0.0.1:${port}`, HUB_LOG: 'silent' });
    hub.clock.set('2026-03-02T16:00:00Z');
    hospital = await hub.party('hospital', { organization: chicago });
    for (const [name, wish] of [
      ['now', 'at-once'],
      ['daily', 'digest'],
      ['silent', undefined],
    ] as const) {
      await hospital.create<PractitionerRole>({
        resourceType: 'PractitionerRole',
        ...(wish ? { meta: { tag: [{ system: noticeTag, code: wish }] } } : {}),
        active: true,
        organization: { reference: hospital.organization },
        telecom: [{ system: 'email', value: `${name}@hospital.example` }],
      });
    }
  });
  afterAll(async () => {
    await hub.stop();
    await new Promise<void>(resolve => server.close(() => resolve()));
  });

  const settle = async () => {
    await hub.settle();
    await hub.hub.delivery.drain();
  };
  const took = () => mails.splice(0).map(({ to }) => to[0]);
  /** A referral to the hub, which finds nobody: the hospital is asked to choose. */
  const ask = async () => {
    const asked = await refer(hospital, `Organization/${hub.hub.parts.hubOrganization}`, {
      patient: { name: [{ family: 'Unmistakable' }] },
    });
    await settle();
    return asked;
  };

  it('tells at once who wants that, once for each turn, and says nothing of anybody', async () => {
    const { task, patient, request } = await ask();
    expect(mails.map(({ to }) => to[0])).toContain('now@hospital.example');
    for (const { text } of mails) {
      expect(text).toContain(hub.url);
      for (const secret of ['Unmistakable', task.id, patient.id, request.id])
        expect(text).not.toContain(secret);
    }
    expect(took()).not.toContain('silent@hospital.example');
    hub.clock.advance({ minutes: 10 });
    await settle();
    expect(took()).not.toContain('now@hospital.example');
    const found = await hub.hub
      .repository(hub.hub.hubActor)
      .search('Communication', new URLSearchParams({ status: 'completed' }));
    const told = found.entries.map(({ stored }) => stored.resource() as Communication);
    expect(told.map(({ recipient }) => recipient?.length)).toContain(1);
  });

  it('is silent in quiet hours, and tells when they are over; the digest comes once a day', async () => {
    hub.clock.set('2026-03-03T04:00:00Z');
    await settle();
    took();
    await ask();
    expect(took()).toEqual([]);
    hub.clock.set('2026-03-03T13:05:00Z');
    await settle();
    expect(took()).toEqual(['now@hospital.example']);
    hub.clock.set('2026-03-03T14:05:00Z');
    await settle();
    expect(took()).toEqual(['daily@hospital.example']);
    hub.clock.set('2026-03-03T15:05:00Z');
    await settle();
    expect(took()).toEqual([]);
  });

  it('mail that is not taken waits, keeps its secret in the database, and is sent when it can be', async () => {
    working = false;
    const secret = 'https://hub.example/invitation/very-secret';
    await hub.hub.sendMail({ to: 'new@hospital.example', subject: 'Welcome', text: secret });
    await hub.hub.delivery.drain();
    expect(mails).toEqual([]);
    const waiting = await hub.hub.store.outbox.next('mail', hub.clock.now().getTime() + 60_000);
    expect(waiting?.attempts).toBe(1);
    expect(JSON.stringify(waiting)).not.toContain('very-secret');
    working = true;
    hub.clock.advance({ minutes: 1 });
    await hub.hub.delivery.drain();
    expect(mails.map(({ to }) => to[0])).toEqual(['new@hospital.example']);
    expect(mails[0]?.text).toContain('very-secret');
  });

  it('mail that is never taken is shown to the operator, who has it sent again', async () => {
    working = false;
    await hub.hub.sendMail({ to: 'lost@hospital.example', subject: 'Lost', text: 'Lost' });
    for (let round = 0; round < 20; round++) {
      await hub.hub.delivery.drain();
      hub.clock.advance({ hours: 1 });
    }
    working = true;
    const repository = hub.hub.repository(hub.hub.hubActor);
    const { entries } = await repository.search('Task', new URLSearchParams({ code: 'investigate' }));
    const text = entries.map(entry => entry.stored.body).join();
    expect(text).toContain('A mail was not taken');
    expect(text).not.toContain('lost@hospital.example');
    const { parked, hubActor } = hub.hub;
    const [item, ...others] = await parked.list(hubActor);
    expect(others).toEqual([]);
    expect(item).toMatchObject({ kind: 'mail', failures: 16, waiting: 0 });
    expect(JSON.stringify(item)).not.toContain('lost@hospital.example');
    hub.clock.advance({ days: 20 });
    await hub.hub.delivery.tick(hub.clock.now());
    took();
    expect(await parked.retry(hubActor, item?.id ?? '')).toEqual({ outcome: 'sending' });
    await hub.hub.delivery.drain();
    expect(took()).toEqual(['lost@hospital.example']);
    expect(await parked.list(hubActor)).toEqual([]);
    const open = new URLSearchParams({ code: 'investigate', status: 'requested' });
    expect((await repository.search('Task', open)).entries).toEqual([]);
  });
});
