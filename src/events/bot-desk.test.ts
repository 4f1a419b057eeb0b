import { afterAll, beforeAll, expect, it } from 'vitest';
import { onSqlite } from '../../test/harness/databases.ts';
import { startTestHub, type TestHub } from '../../test/harness/hub.ts';
import { actorOf } from '../access/roles.ts';
import { goesOn } from './bot-desk.ts';

/** A machine may be busy. */
const patient = { timeout: 10_000 };

onSqlite('bots, for operators', database => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await startTestHub(database);
  });
  afterAll(() => hub.stop());

  const operator = () =>
    actorOf({ account: 'a', organization: hub.hub.parts.hubOrganization, role: 'network-administrator' });
  const desk = () => hub.hub.botDesk;
  const stateOf = async (name: string) => (await desk().list(operator())).find(one => one.name === name);
  const kept = (name: string, value: object) =>
    hub.hub.store.records.put({ kind: 'bot-by-hand', id: name, value, expires: null, family: null });

  it('are all of the hub’s, those of its configuration included', async () => {
    const names = (await desk().list(operator())).map(one => one.name);
    for (const name of ['route-referrals', 'verify-directory', 'send-links']) expect(names).toContain(name);
  });

  it('begin to run at once, and the list tells what came of it', async () => {
    await desk().start(operator(), 'close-stale-loops');
    expect((await stateOf('close-stale-loops'))?.byHand?.started).toBeDefined();
    await expect.poll(async () => (await stateOf('close-stale-loops'))?.byHand?.ended, patient).toBeDefined();
    expect((await stateOf('close-stale-loops'))?.byHand?.result).toEqual({
      written: 0,
      nothing: 0,
      failed: [],
    });
  });

  it('do not run twice at once, whichever process has begun', async () => {
    const started = hub.hub.parts.clock.now();
    await kept('chase-offers', { started: started.toISOString() });
    await expect(desk().start(operator(), 'chase-offers')).rejects.toMatchObject({ kind: 'conflict' });
    expect(goesOn({ started: started.toISOString() }, started)).toBe(true);
  });

  it('run again where the process that had begun is long gone', async () => {
    const started = new Date(hub.hub.parts.clock.now().getTime() - 16 * 60_000).toISOString();
    await kept('chase-offers', { started });
    await desk().start(operator(), 'chase-offers');
    await expect.poll(async () => (await stateOf('chase-offers'))?.byHand?.ended, patient).toBeDefined();
  });

  it.each([
    ['do-everything', 'not-found'],
    ['', 'not-found'],
  ])('%j is refused: %s', async (name, kind) => {
    await expect(desk().start(operator(), name)).rejects.toMatchObject({ kind });
  });

  it.each([
    ['hub', 'auditor'],
    ['other', 'network-administrator'],
    ['other', 'organization-administrator'],
  ] as const)('are not shown to %s %s, nor run for them', async (organization, role) => {
    const actor = actorOf({ account: 'b', organization, role });
    await expect(desk().list(actor)).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(desk().start(actor, 'chase-offers')).rejects.toMatchObject({ kind: 'forbidden' });
    const found = await hub.hub
      .repository(hub.hub.hubActor)
      .search('AuditEvent', new URLSearchParams({ agent: 'b', outcome: '4' }));
    expect(found.entries.length).toBeGreaterThan(0);
  });
});
