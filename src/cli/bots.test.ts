import { afterAll, beforeAll, expect, it } from 'vitest';
import { parkOperation } from '../events/park.ts';
import { bots } from './bots.ts';
import { openConsole, runWithoutHub, type TestConsole } from './command.harness.ts';

let terminal: TestConsole;
beforeAll(async () => {
  terminal = await openConsole();
});
afterAll(() => terminal.close());

it('lists every bot, what it did and what it is stuck on', async () => {
  const { hub, run } = terminal;
  await hub.events.tick(new Date('2026-11-02T10:00:00Z'));
  const { code, out } = await run(bots);
  expect(code).toBe(0);
  for (const name of ['route-referrals', 'close-stale-loops', 'notify-people', 'deliver'])
    expect(out).toContain(name);
  const listed = (await run(bots, '--json')).out.map(line => JSON.parse(line));
  expect(listed.every(({ parked }) => parked.length === 0)).toBe(true);
});

it('runs a bot now, and says that a name is none', async () => {
  const { run } = terminal;
  expect(await run(bots, 'run', 'close-stale-loops')).toMatchObject({
    code: 0,
    out: ['0 runs wrote something, 0 had nothing to do, 0 failed.'],
  });
  const wrong = await run(bots, 'run', 'do-everything');
  expect(wrong.code).toBe(1);
  expect(wrong.err.join()).toMatch(/There is no bot do-everything: there are route-referrals, /);
});

it('runs again what was parked, and settles what works now', async () => {
  const { hub, run } = terminal;
  const parked = parkOperation({
    bot: 'chase-offers',
    change: { type: 'Task', id: 'gone', op: 'due' },
    present: false,
    error: new Error('no'),
    attempts: 5,
    now: new Date('2026-11-02T10:00:00Z'),
    hubOrganization: hub.parts.hubOrganization,
  });
  await hub.repository(hub.hubActor).write([parked]);
  const stuck = (await run(bots)).out.filter(line => line.startsWith('  parked'));
  expect(stuck).toHaveLength(1);
  expect(stuck[0]).toMatch(/The bot chase-offers failed 5 times when Task\/gone was due/);
  expect((await run(bots, 'retry', 'route-referrals')).out).toEqual([
    '0 runs wrote something, 0 had nothing to do, 0 failed.',
  ]);
  expect((await run(bots)).out.some(line => line.startsWith('  parked'))).toBe(true);
  expect((await run(bots, 'retry')).out).toEqual(['0 runs wrote something, 1 had nothing to do, 0 failed.']);
  expect((await run(bots)).out.some(line => line.startsWith('  parked'))).toBe(false);
});

it('sends again what was not taken, one thing or all', async () => {
  const { hub, run } = terminal;
  const { outbox } = hub.store;
  const lose = async (event: string) => {
    const payload = { notice: event };
    await outbox.add([{ channel: 'mail', event, thread: event, payload, at: 0 }]);
    const next = await outbox.next('mail', 1);
    await outbox.failed(next?.seq ?? 0, { due: 1, error: 'no server' });
    await outbox.parked(next?.seq ?? 0, { at: 1, error: 'no server' });
    return `delivery/${next?.seq}`;
  };
  const [one, two] = [await lose('one'), await lose('two')];
  const listed = async () => (await run(bots)).out.filter(line => line.startsWith('  parked'));
  expect(await listed()).toEqual([
    `  parked    ${one}  A notice to a person: Communication/one: no server (0 waiting)`,
    `  parked    ${two}  A notice to a person: Communication/two: no server (0 waiting)`,
  ]);
  expect(await run(bots, 'retry', one)).toMatchObject({
    code: 0,
    out: [`${one} is sent as soon as the hub runs.`],
  });
  expect((await run(bots, 'retry', one)).err.join()).toMatch(/Nothing that is parked is called delivery/);
  expect(await run(bots, 'retry', 'deliver')).toMatchObject({
    code: 0,
    out: [`${two} is sent as soon as the hub runs.`],
  });
  expect(await listed()).toEqual([]);
  expect((await run(bots, 'retry', 'deliver')).out).toEqual(['Nothing is parked.']);
});

it.each([
  [['stop'], /stop is not one of: run, retry/],
  [['run'], /Name the bot to run/],
  [['retry', 'a', 'b'], /Name one bot at most/],
  [['--bogus'], /bogus/],
])('does not guess what %j means', async (args, said) => {
  const { code, err } = await runWithoutHub(bots, ...args);
  expect(code).toBe(2);
  expect(err.join()).toMatch(said);
});
