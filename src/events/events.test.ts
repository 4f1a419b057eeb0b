import type { Basic, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { basic, countOf, create, type Hubs, hubsOn, type Logged, runner } from '../../test/harness/bots.ts';
import { fakeClock } from '../../test/harness/clock.ts';
import { eachDatabase } from '../../test/harness/databases.ts';
import { HubError } from '../errors.ts';
import type { Repository } from '../fhir/repository.ts';
import type { Hub } from '../hub.ts';
import type { Bot } from './bot.ts';
import { leaseMs } from './lease.ts';

/** Answers each Basic with one code by one with another code. */
function answering(name: string, from: string, to: string): Bot {
  return {
    name,
    description: 'answers',
    on: ['Basic'],
    async run(api, change) {
      const seen = change && (await api.read<Basic>(`Basic/${change.id}`));
      return seen?.code.coding?.[0]?.code === from ? [{ kind: 'create', resource: basic(to) }] : [];
    },
  };
}

eachDatabase('bots over the feed', database => {
  let hubs: Hubs;
  let hub: Hub;
  const clock = fakeClock();

  beforeAll(async () => {
    hubs = await hubsOn(database);
    hub = await hubs.open(clock);
  });
  afterAll(() => hubs.close());

  it('answers every change once, in its order, and skips what does not concern it', async () => {
    const seen: string[] = [];
    const watching: Bot = {
      name: 'watch',
      description: 'watches',
      on: ['Basic'],
      async run(_api, change) {
        seen.push(`${change?.op} ${change?.id}`);
        return [];
      },
    };
    const events = runner(hub, [answering('once', 'once', 'once-done'), watching]);
    await events.drain();
    seen.length = 0;
    const [first, second] = await create(hub, basic('once'), basic('other'));
    await create(hub, { resourceType: 'Organization', name: 'Somebody' });
    const [third] = await create(hub, basic('once'));
    expect(await events.drain()).toBe(3 + 3 + 2 * 2);
    expect(seen.slice(0, 3)).toEqual([first, second, third].map(one => `create ${one?.id}`));
    expect(await countOf(hub, 'once-done')).toBe(2);
    expect(await events.drain()).toBe(0);
    await events.stop();
  });

  it('sees updates and deletions, with what is there now', async () => {
    const seen: string[] = [];
    const events = runner(hub, [
      {
        name: 'follow',
        description: 'follows',
        on: ['Basic'],
        async run(api, change) {
          const now = change && (await api.read<Basic>(`Basic/${change.id}`));
          seen.push(`${change?.op} ${now ? 'there' : 'gone'}`);
          return [];
        },
      },
    ]);
    await events.drain();
    const [one] = await create(hub, basic('followed'));
    const id = one?.id ?? '';
    const repository = hub.repository(hub.hubActor);
    await events.drain();
    await repository.write([{ kind: 'update', type: 'Basic', id, resource: { ...basic('changed'), id } }]);
    await events.drain();
    await repository.write([{ kind: 'delete', type: 'Basic', id }]);
    await events.drain();
    expect(seen.slice(-3)).toEqual(['create there', 'update there', 'delete gone']);
    await events.stop();
  });

  it('starts over at once when what it read was changed by others', async () => {
    const [target] = await create(hub, basic('contended'));
    let disturbed = 0;
    const events = runner(hub, [
      {
        name: 'careful',
        description: 'updates the version it has read',
        on: ['Basic'],
        async run(api, change) {
          const read = change && (await api.read<Basic>(`Basic/${change.id}`));
          if (read?.code.coding?.[0]?.code !== 'contended') {
            return [];
          }
          if (disturbed++ === 0) {
            const resource = { ...read, author: { reference: 'Organization/hub' } };
            await hub
              .repository(hub.hubActor)
              .write([{ kind: 'update', type: 'Basic', id: change?.id ?? '', resource }]);
          }
          const resource = { ...read, code: basic('settled').code };
          return [
            {
              kind: 'update',
              type: 'Basic',
              id: read.id ?? '',
              resource,
              ifMatch: `W/"${read.meta?.versionId}"`,
            },
          ];
        },
      },
    ]);
    await events.drain();
    const settled = (await hub.repository(hub.hubActor).read('Basic', target?.id ?? '')).resource() as Basic;
    expect(settled.code.coding?.[0]?.code).toBe('settled');
    expect(settled.author?.reference).toBe('Organization/hub');
    await events.stop();
  });

  it('loses nothing and does nothing twice when a process dies before or after it commits', async () => {
    const bot = answering('mortal', 'mortal', 'mortal-done');
    await runner(hub, [bot]).drain();
    await create(hub, basic('mortal'), basic('mortal'), basic('mortal'));
    const other = await hubs.open(clock);

    // Dies with the effect prepared: nobody hears of it again, until its write arrives after all.
    const { promise: late, resolve: arrive } = Promise.withResolvers<void>();
    const slow = (repository: Repository): Repository => ({
      ...repository,
      write: async (operations, options) => {
        await late;
        return repository.write(operations, options);
      },
    });
    clock.advance({ minutes: 1 });
    const ghost = runner(hub, [bot], { through: slow });
    const ghostly = ghost.drain();

    // Its lease has to run out before another process goes on; that one dies having committed.
    const survivor = (repository: Repository): Repository => ({
      ...repository,
      write: async (operations, options) => {
        await repository.write(operations, options);
        throw new HubError('unavailable', 'The process is gone.');
      },
    });
    await new Promise(resolve => setTimeout(resolve, 50));
    expect(await runner(other, [bot]).drain()).toBe(0);
    clock.advance({ minutes: 1 });
    await expect(runner(other, [bot], { through: survivor }).drain()).rejects.toThrow('gone');
    expect(await countOf(hub, 'mortal-done')).toBe(1);

    clock.advance({ minutes: 1 });
    const third = runner(other, [bot]);
    await third.drain();
    expect(await countOf(hub, 'mortal-done')).toBe(3);
    arrive();
    await ghostly;
    expect(await countOf(hub, 'mortal-done')).toBe(3);
  });

  it('has one effect for each change when two processes both believe to be the one', async () => {
    const fast = { now: () => new Date(clock.now().getTime() + 10 * leaseMs) };
    const other = await hubs.open(fast);
    const bot = answering('racing', 'racing', 'racing-done');
    const runners = [runner(hub, [bot]), runner(other, [bot], { clock: fast })];
    const changes = 30;
    const creating = Array.from({ length: changes }, () => create(hub, basic('racing')));
    await Promise.all([...creating, ...runners.map(one => one.drain())]);
    await Promise.all(runners.map(one => one.drain()));
    await runners[1]?.drain();
    expect(await countOf(hub, 'racing-done')).toBe(changes);
    await Promise.all(runners.map(one => one.stop()));
  });

  it('retries a bot that fails, parks what it cannot do where a person sees it, and goes on', async () => {
    const log: Logged[] = [];
    let poison = '';
    const failing: Bot = {
      name: 'failing',
      description: 'fails on one resource',
      on: ['Basic'],
      async run(_api, change) {
        if (change?.id === poison) {
          throw new TypeError('cannot read the name of Jane Roe');
        }
        return answering('x', 'park', 'park-done').run(_api, change);
      },
    };
    const events = runner(hub, [failing, answering('healthy', 'park', 'healthy-done')], { log });
    await events.drain();
    const [bad] = await create(hub, basic('park'));
    poison = bad?.id ?? '';
    await create(hub, basic('park'), basic('park'));
    await events.drain();
    expect(await countOf(hub, 'healthy-done')).toBe(3);
    expect(await countOf(hub, 'park-done')).toBe(0);
    for (const seconds of [0.1, 0.2, 0.5, 1]) {
      clock.advance({ minutes: seconds / 60 });
      await events.drain();
    }
    expect(await countOf(hub, 'park-done')).toBe(0);
    // A restart does not start counting over.
    await events.stop();
    const again = runner(hub, [failing], { log });
    clock.advance({ minutes: 2 / 60 });
    await again.drain();
    expect(await countOf(hub, 'park-done')).toBe(2);

    const found = await hub
      .repository(hub.hubActor)
      .search('Task', new URLSearchParams({ focus: `Basic/${poison}`, owner: 'Organization/hub' }));
    const task = found.entries[0]?.stored.resource() as Task;
    expect(found.entries).toHaveLength(1);
    expect(task).toMatchObject({ status: 'requested', code: { coding: [{ code: 'investigate' }] } });
    expect(task.description).toMatch(
      /^The bot failing failed 5 times at the create of Basic\/.* TypeError in events\.test\.ts:\d+$/,
    );
    expect(JSON.stringify([task, log])).not.toContain('Roe');
    expect(log.filter(({ level }) => level === 'error')).toHaveLength(1);
    await again.stop();
  });

  it('hears of commits by itself between start and stop', async () => {
    const events = runner(hub, [answering('listening', 'listening', 'listening-done')]);
    await events.drain();
    events.start();
    await create(hub, basic('listening'));
    await expect.poll(() => countOf(hub, 'listening-done'), { timeout: 5_000, interval: 20 }).toBe(1);
    await events.stop();
    await create(hub, basic('listening'));
    await new Promise(resolve => setTimeout(resolve, 100));
    expect(await countOf(hub, 'listening-done')).toBe(1);
  });
});

eachDatabase('bots on a schedule', database => {
  let hubs: Hubs;
  let hub: Hub;
  const clock = fakeClock();

  beforeAll(async () => {
    hubs = await hubsOn(database);
    hub = await hubs.open(clock);
  });
  afterAll(() => hubs.close());

  function nightly(name: string, expression = '0 6 * * *'): Bot & { at: string[] } {
    const at: string[] = [];
    return {
      name,
      at,
      description: 'counts its runs',
      schedule: expression,
      async run(api) {
        at.push(api.now.toISOString());
        return [{ kind: 'create', resource: basic(name) }];
      },
    };
  }

  it('lives through three weeks in a moment', async () => {
    const bot = nightly('weeks');
    const events = runner(hub, [bot]);
    const begun = performance.now();
    for (let minute = 0; minute < 21 * 24 * 60; minute++) {
      await events.tick(clock.advance({ minutes: 1 }));
    }
    const took = performance.now() - begun;
    expect(bot.at).toHaveLength(21);
    expect(new Set(bot.at.map(at => at.slice(10)))).toEqual(new Set(['T06:00:00.000Z']));
    expect(await countOf(hub, 'weeks')).toBe(21);
    expect(took).toBeLessThan(5_000);
    await events.stop();
  });

  it('makes up for missed runs with one, after a restart too', async () => {
    const bot = nightly('missed', '*/10 * * * *');
    const first = runner(hub, [bot]);
    await first.tick(clock.now());
    const before = bot.at.length;
    clock.advance({ hours: 5 });
    await first.tick(clock.now());
    await first.tick(clock.now());
    expect(bot.at.length).toBe(before + 1);
    await first.stop();
    clock.advance({ days: 3 });
    const second = runner(hub, [bot]);
    await second.tick(clock.now());
    await second.tick(clock.advance({ minutes: 1 }));
    expect(bot.at.length).toBe(before + 2);
    await second.stop();
  });

  it('runs once however many processes tick, even two that both hold the lease', async () => {
    const fast = { now: () => new Date(clock.now().getTime() + 10 * leaseMs) };
    const other = await hubs.open(fast);
    const bots = [nightly('twice', '0 * * * *'), nightly('twice', '0 * * * *')] as const;
    const runners = [runner(hub, [bots[0]]), runner(other, [bots[1]], { clock: fast })] as const;
    clock.set('2026-04-01T00:30:00.000Z');
    await Promise.all(runners.map(one => one.tick(clock.now())));
    for (let hour = 0; hour < 10; hour++) {
      clock.advance({ hours: 1 });
      await Promise.all([runners[0].tick(clock.now()), runners[1].tick(fast.now())]);
    }
    expect(await countOf(hub, 'twice')).toBe(10);
    await Promise.all(runners.map(one => one.stop()));
  });

  it('runs each due resource by itself: one that fails holds up no other and is parked', async () => {
    const [bad, good] = await create(hub, basic('due'), basic('due'));
    const bot: Bot = {
      name: 'each',
      description: 'moves each due resource on',
      schedule: '* * * * *',
      async due(api) {
        const due = await api.search<Basic>('Basic', 'code=urn:test|due');
        return due.map(({ id }) => `Basic/${id}`);
      },
      async run(_api, change) {
        if (change?.id === bad?.id) {
          throw new HubError('unprocessable', { text: 'This cannot be moved on.', expression: 'Basic.code' });
        }
        const resource = { ...basic('moved'), id: change?.id ?? '' };
        return [{ kind: 'update', type: 'Basic', id: resource.id, resource }];
      },
    };
    const events = runner(hub, [bot]);
    await events.tick(clock.advance({ minutes: 1 }));
    expect(await countOf(hub, 'moved')).toBe(1);
    expect(good).toBeDefined();
    for (let minute = 0; minute < 6; minute++) {
      await events.tick(clock.advance({ minutes: 1 }));
    }
    const parked = await hub
      .repository(hub.hubActor)
      .search('Task', new URLSearchParams({ focus: `Basic/${bad?.id}` }));
    expect(parked.entries.map(entry => (entry.stored.resource() as Task).description)).toEqual([
      `The bot each failed 5 times when Basic/${bad?.id} was due and went on without it: This cannot be moved on. (Basic.code)`,
    ]);
    await events.stop();
  });

  describe('refuses what is no schedule of minutes', () => {
    it.each(['', 'every day', '61 * * * *', '*/10 * * * * *'])('%j', expression => {
      expect(() => runner(hub, [nightly('wrong', `${expression} `.trim() || 'x')])).toThrow(HubError);
    });
  });
});
