import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import type { Store } from './store/store.ts';

const hour = 3_600_000;
const record = { kind: 'housekeeping', id: 'analyze' } as const;

/** What a database needs now and then, done by one of the processes that share it. */
export interface Housekeeping {
  /** Forgets what has expired; refreshes the planner's statistics once a day. False when another process does it. */
  run(): Promise<boolean>;
  start(): void;
  stop(): void;
}

export function createHousekeeping(store: Store, clock: Clock, log: Pick<Logger, 'error'>): Housekeeping {
  const holder = randomUUID();
  let timer: NodeJS.Timeout | undefined;

  async function run(): Promise<boolean> {
    const now = clock.now().getTime();
    if (!(await store.leases.acquire('housekeeping', holder, now, hour / 2))) return false;
    await store.records.sweep(now);
    await store.accounts.sweep(now);
    if (!(await store.records.get(record.kind, record.id, now))) {
      await store.analyze();
      await store.records.put({ ...record, value: null, expires: now + 24 * hour, family: null });
    }
    return true;
  }

  return {
    run,
    start() {
      const attempt = () =>
        run().catch(error => log.error({ err: error }, 'housekeeping failed; it is tried again in an hour'));
      timer = setInterval(attempt, hour);
      timer.unref();
    },
    stop: () => clearInterval(timer),
  };
}
