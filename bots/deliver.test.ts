import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../test/harness/databases.ts';
import { startTestHub, type TestHub } from '../test/harness/hub.ts';
import { deliver } from './deliver.ts';

eachDatabase('what is to be sent', database => {
  let hub: TestHub;
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
  });
  afterAll(async () => {
    await hub.stop();
    await new Promise<void>(resolve => server.close(() => resolve()));
  });

  const took = () => mails.splice(0).map(({ to }) => to[0]);
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

it('waits twice as long after each failure, at most an hour, spread by chance', () => {
  const waits = [1, 2, 3, 12, 13, 40].map(failures => deliver.delayMs(failures, 1));
  expect(waits).toEqual([1_000, 2_000, 4_000, 2_048_000, 3_600_000, 3_600_000]);
  expect(deliver.delayMs(3, 0)).toBe(2_000);
});
