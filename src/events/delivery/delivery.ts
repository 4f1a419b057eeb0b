import { randomUUID } from 'node:crypto';
import type { StoredDelivery } from '../../store/outbox-types.ts';
import type { Store } from '../../store/store.ts';
import type { EventsLog } from '../deps.ts';
import { createHold } from '../lease.ts';
import { told } from '../park.ts';
import type { Channel } from './channel.ts';
import { attempt, type SendDeps } from './send.ts';

/** What turns changes into deliveries. */
export interface Source {
  /** Catches up with the feed; the channels that something was added for. */
  collect(): Promise<ReadonlySet<string>>;
  /** What time alone brings about. */
  tick(now: Date): Promise<void>;
}

export interface DeliveryDeps extends Omit<SendDeps, 'outbox'> {
  store: Store;
  channels: readonly Channel[];
  source: Source;
  log: EventsLog;
}

export interface Delivery {
  /** Collects and sends until nothing is due any more. */
  drain(): Promise<void>;
  tick(now: Date): Promise<void>;
  /** Serves a channel now, whether or not this process has been started. */
  soon(channel: string): void;
  start(): void;
  stop(): Promise<void>;
}

/** How many channels are served at once, and how often is looked for what others have added or what is due again. */
const mostAtOnce = 64;
const pollMs = 500;
const minuteMs = 60_000;
/** Longer than the slowest answer that is waited for: half of it is left whenever something is sent. */
const leaseMs = 20_000;
const dayMs = 24 * 60 * minuteMs;
/** For so long it can be asked for again what was sent, and what is parked waits for a person. */
const sentMs = 7 * dayMs;
const parkedMs = 60 * dayMs;

/**
 * Sends what is in the outbox: one after the other to each channel, channels side by side. A channel is one process's
 * for as long as its lease lasts, so that no two send the same.
 */
export function createDelivery(deps: DeliveryDeps): Delivery {
  const { store, clock, log, channels, source } = deps;
  const sending: SendDeps = { ...deps, outbox: store.outbox };
  const holder = randomUUID();
  const holds = new Map<string, ReturnType<typeof createHold>>();
  const queue = new Set<string>();
  const running = new Map<string, Promise<void>>();
  const timers: (() => void)[] = [];
  let stopped = false;

  const holdOf = (name: string) => {
    const known = holds.get(name) ?? createHold(store.leases, `deliver:${name}`, holder, leaseMs);
    holds.set(name, known);
    return known;
  };

  /** Sends to one channel until nothing of it is due. */
  async function serve(name: string): Promise<void> {
    const channel = channels.find(one => one.owns(name));
    if (!channel) return;
    while (!stopped && (await holdOf(name)(clock.now()))) {
      const delivery = await nextOf(channel, name);
      if (!delivery) return;
      await attempt(channel, delivery, sending);
    }
  }

  /** What may be sent next; most often there is nothing more, and nothing else is asked. */
  async function nextOf(channel: Channel, name: string): Promise<StoredDelivery | undefined> {
    const now = clock.now().getTime();
    const first = await store.outbox.next(name, now);
    if (!first) return undefined;
    const state = await channel.state(name);
    if (state === 'open') return first;
    if (state === 'over') await store.outbox.remove(name);
    return typeof state === 'object' ? store.outbox.next(name, now, state) : undefined;
  }

  function enqueue(names: Iterable<string>): void {
    for (const name of names) queue.add(name);
    for (const name of queue) {
      if (running.size >= mostAtOnce || stopped) return;
      if (running.has(name)) continue;
      queue.delete(name);
      const work = serve(name)
        .catch(error => log.error({ channel: name, error: told(error) }, 'a channel could not be served'))
        .finally(() => {
          running.delete(name);
          enqueue([]);
        });
      running.set(name, work);
    }
  }

  async function idle(): Promise<void> {
    while (running.size > 0) await Promise.all(running.values());
  }

  const due = async () => enqueue(await store.outbox.channels(clock.now().getTime()));
  const collect = coalesced(async () => enqueue(await source.collect()));
  const report = (error: unknown) =>
    log.error({ error: told(error) }, 'deliveries could not be looked for; they will be again');

  async function tick(now: Date): Promise<void> {
    await source.tick(now);
    await store.outbox.prune({ settled: now.getTime() - sentMs, parked: now.getTime() - parkedMs });
  }

  return {
    async drain() {
      await collect();
      for (let before = ''; ; ) {
        await due();
        await idle();
        await collect();
        await idle();
        const left = JSON.stringify(await waiting());
        if (left === before) return;
        before = left;
      }
    },
    tick,
    soon: channel => enqueue([channel]),
    start() {
      stopped = false;
      const look = () => void collect().catch(report);
      const poll = setInterval(() => {
        look();
        void due().catch(report);
      }, pollMs);
      const minute = setInterval(() => void tick(clock.now()).catch(report), minuteMs);
      timers.push(
        store.feed.onCommit(look),
        () => clearInterval(poll),
        () => clearInterval(minute),
      );
      look();
    },
    async stop() {
      stopped = true;
      for (const end of timers.splice(0)) end();
      await collect.settled();
      await idle();
      await Promise.all([...holds.keys()].map(name => store.leases.release(`deliver:${name}`, holder)));
      holds.clear();
      stopped = false;
    },
  };

  /** What still is due, by channel and place: a shut channel keeps its own. */
  async function waiting(): Promise<unknown> {
    const now = clock.now().getTime();
    const names = await store.outbox.channels(now);
    return Promise.all(names.map(async name => [name, (await store.outbox.next(name, now))?.seq]));
  }
}

/** However often it is asked for while it runs, the work is done once more; who asks waits until that is done. */
function coalesced(work: () => Promise<void>) {
  let current: Promise<void> | undefined;
  let following: Promise<void> | undefined;
  const run = (): Promise<void> => {
    if (!current) {
      current = work().finally(() => {
        current = undefined;
      });
      return current;
    }
    following ??= current
      .catch(() => undefined)
      .then(() => {
        following = undefined;
        return run();
      });
    return following;
  };
  return Object.assign(run, {
    settled: async () => {
      await Promise.allSettled([current, following]);
    },
  });
}
