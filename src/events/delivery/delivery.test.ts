import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fakeClock } from '../../../test/harness/clock.ts';
import { eachDatabase } from '../../../test/harness/databases.ts';
import { HubError } from '../../errors.ts';
import type { NewDelivery } from '../../store/outbox-types.ts';
import type { Store } from '../../store/store.ts';
import type { Channel } from './channel.ts';
import { createDelivery, type Delivery } from './delivery.ts';
import { NotDelivered } from './not-delivered.ts';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const runs = process.env.CHECK_FULL ? 60 : 12;

/** What a receiver got: the event, and the number it was told with. */
interface Got {
  channel: string;
  thread: string;
  event: string;
  number: number;
}

/** A receiver that takes, refuses, withholds or is lost after taking, as the test says for each attempt. */
function receiver(what: (event: string, attempt: number) => 'take' | 'refuse' | 'withhold' | 'lose') {
  const got: Got[] = [];
  const tried = new Map<string, number>();
  const channel: Channel = {
    owns: name => name.startsWith('test'),
    state: async () => 'open',
    async send({ channel, thread, event }, number) {
      const key = `${channel} ${event}`;
      const attempt = tried.get(key) ?? 0;
      tried.set(key, attempt + 1);
      const outcome = what(key, attempt);
      if (outcome === 'refuse') throw new NotDelivered('not now');
      if (outcome === 'withhold') return 'withheld';
      got.push({ channel, thread, event, number });
      // As when the process ends before it has written down that it was taken.
      if (outcome === 'lose') throw new HubError('unavailable', 'gone');
      return 'numbered';
    },
    park: async () => ({ keep: false }),
    about: async ({ parked }) => (parked ? { kind: 'mail', text: 'a test' } : undefined),
    retry: async () => undefined,
  };
  return { channel, got };
}

const source = { collect: async () => new Set<string>(), tick: async () => undefined };

function processOn(store: Store, clock: ReturnType<typeof fakeClock>, channel: Channel): Delivery {
  return createDelivery({ store, clock, log: quiet, chance: () => 0.5, channels: [channel], source });
}

const events = fc.array(
  fc.record({ channel: fc.constantFrom('test/a', 'test/b'), thread: fc.constantFrom('1', '2', '3') }),
  { minLength: 1, maxLength: 25 },
);

let run = 0;
const added = (list: { channel: string; thread: string }[], at: number): NewDelivery[] => {
  run += 1;
  return list.map(({ channel, thread }, index) => ({
    channel: `${channel}/${run}`,
    event: String(index),
    thread,
    payload: null,
    at,
  }));
};

eachDatabase('delivery', database => {
  it('loses nothing, keeps the order of each thread and numbers without a gap, whatever fails', {
    timeout: 60_000,
  }, async () => {
    const store = await database.open();
    const outcomes = fc.array(
      fc.constantFrom('take', 'take', 'refuse', 'lose', 'withhold') as fc.Arbitrary<
        'take' | 'refuse' | 'lose' | 'withhold'
      >,
      { minLength: 60, maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(events, outcomes, fc.integer({ min: 1, max: 4 }), async (list, fate, every) => {
        const clock = fakeClock();
        const withheld = new Set<string>();
        let asked = 0;
        const { channel, got } = receiver((event, attempt) => {
          const what = attempt > 4 ? 'take' : (fate[asked++ % fate.length] ?? 'take');
          if (what === 'withhold') withheld.add(event);
          return what;
        });
        const deliveries = added(list, clock.now().getTime());
        await store.outbox.add(deliveries);
        await store.outbox.add(deliveries);
        let running = processOn(store, clock, channel);
        for (let round = 0; round < 30; round++) {
          await running.drain();
          clock.advance({ minutes: 5 });
          if (round % every !== 0) continue;
          await running.stop();
          running = processOn(store, clock, channel);
        }
        await running.stop();
        const taken = new Set(got.map(one => `${one.channel} ${one.event}`));
        for (const { channel: name, event } of deliveries) {
          const key = `${name} ${event}`;
          expect(taken.has(key) || withheld.has(key)).toBe(true);
        }
        for (const name of new Set(deliveries.map(one => one.channel))) {
          const mine = got.filter(one => one.channel === name);
          const once = [...new Map(mine.map(one => [one.event, one])).values()];
          for (const thread of ['1', '2', '3']) {
            const order = once.filter(one => one.thread === thread).map(one => Number(one.event));
            expect(order).toEqual(order.toSorted((a, b) => a - b));
          }
          const sent = await store.outbox.events(name, { from: 0, to: 1e9, limit: 1000 });
          const numbers = sent.map(one => one.number);
          expect(numbers).toEqual(numbers.map((_, at) => at + 1));
        }
      }),
      { numRuns: runs, seed: 20260301 },
    );
  });

  it('two processes share the channels, and send nothing twice', { timeout: 30_000 }, async () => {
    const where = await database.options();
    const stores = [await database.open(where), await database.open(where)] as const;
    const clock = fakeClock();
    const { channel, got } = receiver(() => 'take');
    const both = stores.map(store => processOn(store, clock, channel));
    const list = Array.from({ length: 60 }, (_, at) => ({
      channel: `test/${at % 6}`,
      thread: String(at % 4),
    }));
    await stores[0].outbox.add(added(list, clock.now().getTime()));
    await Promise.all(both.map(one => one.drain()));
    await Promise.all(both.map(one => one.stop()));
    expect(got).toHaveLength(60);
    expect(new Set(got.map(one => `${one.channel} ${one.event}`)).size).toBe(60);
  });

  it('what a dead process held is another’s when its lease is over', async () => {
    const store = await database.open();
    const clock = fakeClock();
    const { channel, got } = receiver(() => 'take');
    const name = 'test/dead';
    await store.leases.acquire(`deliver:${name}`, 'the dead', clock.now().getTime(), 20_000);
    await store.outbox.add([
      { channel: name, event: '1', thread: '1', payload: null, at: clock.now().getTime() },
    ]);
    const alive = processOn(store, clock, channel);
    await alive.drain();
    expect(got).toEqual([]);
    clock.advance({ minutes: 1 });
    await alive.drain();
    expect(got).toHaveLength(1);
    await alive.stop();
  });

  it('moves its place in the feed on, never back', async () => {
    const store = await database.open();
    const place = (seq: number) => ({ name: 'someone', to: { xid: '5', seq } });
    await store.outbox.add([], place(7));
    await store.outbox.add([], place(3));
    expect(await store.feed.cursor('someone')).toMatchObject({ seq: 7 });
    await store.outbox.add([], place(9));
    expect(await store.feed.cursor('someone')).toMatchObject({ seq: 9 });
  });

  it('forgets what is long settled, but not the newest number', async () => {
    const store = await database.open();
    const one = (event: string) => ({ channel: 'test/old', event, thread: event, payload: null, at: 0 });
    await store.outbox.add([one('1'), one('2')]);
    for (const number of [1, 2]) {
      const next = await store.outbox.next('test/old', 10);
      if (next) await store.outbox.sent(next.seq, { number, at: 5 });
    }
    await store.outbox.prune({ settled: 6, parked: 6 });
    expect(
      (await store.outbox.events('test/old', { from: 1, to: 9, limit: 9 })).map(it => it.number),
    ).toEqual([2]);
    expect(await store.outbox.lastNumber('test/old')).toBe(2);
  });
});
