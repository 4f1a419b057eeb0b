import { randomUUID } from 'node:crypto';
import { schedule } from 'node-cron';
import { HubError } from '../errors.ts';
import { type ByHand, retryParked, runByHand, type Which } from './by-hand.ts';
import { createConsumer } from './consume.ts';
import type { EventsDeps, Running } from './deps.ts';
import { createHold } from './lease.ts';
import { told } from './park.ts';
import { createRunLog } from './run-log.ts';
import { createScheduler } from './scheduler.ts';

export interface Events {
  /** Runs every bot until it has caught up with the feed; the number of changes that were handled. */
  drain(): Promise<number>;
  /** Runs the bots whose schedule has come at `now`, then everything that follows; the number of runs. */
  tick(now: Date): Promise<number>;
  /**
   * Runs one bot's schedule now, whether or not its time has come: for all that is due, or for these resources
   * (`Type/id`). Error: there is no such bot.
   */
  runByHand(bot: string, now: Date, about?: readonly string[]): Promise<ByHand>;
  /** Runs again what was parked. Error: there is no such bot. */
  retry(now: Date, which?: Which): Promise<ByHand>;
  /** Listens for commits, polls for those of other processes, and ticks each minute. */
  start(): void;
  /** Resolves when what runs has ended; another process can take over at once. */
  stop(): Promise<void>;
}

/** How long a commit of another process may wait to be seen. */
const pollMs = 1_000;

/** The runner of bots over the change feed and the schedule. */
export function createEvents(deps: EventsDeps): Events {
  const holder = randomUUID();
  let stopped = false;
  const bots = deps.bots.map(bot => runningBot(deps, bot, holder));
  const consumers = bots.filter(({ bot }) => bot.on?.length).map(one => createConsumer(one, () => stopped));
  const schedulers = bots.flatMap(one => (one.bot.schedule ? [createScheduler(one, one.bot.schedule)] : []));
  const inTurn = createTurns();
  const background = createBackground(deps);

  /** What one bot writes may concern another: until a whole round has nothing left. */
  async function drainAll(): Promise<number> {
    let total = 0;
    for (;;) {
      const round = sum(await allOf(consumers.map(consume => consume())));
      total += round;
      if (round === 0) {
        return total;
      }
    }
  }

  async function tickAll(now: Date): Promise<number> {
    const ran = await allOf(schedulers.map(runIfDue => runIfDue(now)));
    const runs = ran.filter(Boolean).length;
    const total = runs === 0 ? 0 : runs + (await drainAll());
    await allOf(bots.map(one => one.runs.flush(now)));
    return total;
  }

  function named(name: string): Running {
    const found = bots.find(({ bot }) => bot.name === name);
    if (found) return found;
    const names = bots.map(({ bot }) => bot.name).join(', ');
    throw new HubError('not-found', `There is no bot ${name}: there are ${names}.`);
  }

  const events: Events = {
    drain: () => inTurn(drainAll),
    tick: now => inTurn(() => tickAll(now)),
    runByHand: (bot, now, about) => inTurn(() => runByHand(named(bot), now, about)),
    retry: (now, which) =>
      inTurn(() => retryParked(which?.bot === undefined ? bots : [named(which.bot)], now, which)),
    start() {
      stopped = false;
      background.start(events);
    },
    async stop() {
      stopped = true;
      background.stop();
      await inTurn(() => release(deps, holder));
    },
  };
  return events;
}

function runningBot(deps: EventsDeps, bot: EventsDeps['bots'][number], holder: string): Running {
  const repository = deps.repositoryFor(bot);
  const { store, hubOrganization: hub } = deps;
  return {
    bot,
    repository,
    deps,
    hold: createHold(store.leases, leaseOf(bot.name), holder),
    runs: createRunLog(bot, { records: store.records, repository, hub }),
  };
}

const leaseOf = (bot: string) => `bot:${bot}`;

async function release({ store, bots }: EventsDeps, holder: string): Promise<void> {
  await Promise.all(bots.map(bot => store.leases.release(leaseOf(bot.name), holder)));
}

/** One after the other: a bot never runs twice at once in a process. */
function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return work => {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  };
}

/** Drains soon after each commit and at least each second, and ticks on the minute. */
function createBackground({ store, clock, log }: EventsDeps) {
  const stops: (() => void)[] = [];
  const report = (error: unknown) =>
    log.error({ error: told(error) }, 'the bots could not be run; they will be tried again');

  return {
    start(events: Events): void {
      const drain = coalesced(() => events.drain().catch(report));
      const poll = setInterval(drain, pollMs);
      const minute = schedule('* * * * *', () => events.tick(clock.now()).catch(report), {
        name: 'hub-tick',
      });
      stops.push(
        store.feed.onCommit(drain),
        () => clearInterval(poll),
        () => void minute.destroy(),
      );
      drain();
    },
    stop(): void {
      for (const stop of stops.splice(0)) {
        stop();
      }
    },
  };
}

/** However often it is asked for while it runs, the work is done once more: a call is never lost. */
function coalesced(work: () => Promise<unknown>): () => void {
  let running = false;
  let again = false;
  const run = async () => {
    running = true;
    do {
      again = false;
      await work();
    } while (again);
    running = false;
  };
  return () => {
    again = true;
    if (!running) {
      void run();
    }
  };
}

/** Waits for all, even where one fails, so that nothing still runs when a turn is over. */
async function allOf<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(work);
  const failure = settled.find(one => one.status === 'rejected');
  if (failure) {
    throw failure.reason;
  }
  return settled.flatMap(one => (one.status === 'fulfilled' ? [one.value] : []));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
