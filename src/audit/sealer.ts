import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { createHold } from '../events/lease.ts';
import type { AuditHead, AuditStore } from '../store/audit/types.ts';
import type { Store } from '../store/store.ts';

/** Chains what was recorded. */
export interface Sealer {
  /** Seals all that is there now, if this process is the one that does, and notes the head of the chain. */
  seal(): Promise<void>;
  /** Seals each second, and notes the head each minute. */
  start(): void;
  /** Seals what is left, and lets another process take over. */
  stop(): Promise<void>;
}

export interface SealerOptions {
  audit: Pick<AuditStore, 'seal' | 'head' | 'pending'>;
  store: Pick<Store, 'leases' | 'records' | 'state'>;
  clock: Clock;
  log: Pick<Logger, 'error'>;
}

const everyMs = 1000;
/** Each note is a change of the hub's database, at which all that is remembered of it is forgotten. */
const roundsToNote = 60;
const lease = 'audit-sealer';
/** Batches of events at once: the more, the fewer entries the index takes for them. */
const most = 2000;

/** Where the head is noted apart from the audit: on SQLite, in the other file. */
const noted = { kind: 'audit-head', id: 'head' };

export function createSealer({ audit, store, clock, log }: SealerOptions): Sealer {
  const holder = randomUUID();
  // Processes that share a server take turns, for the sake of larger blocks: the audit itself is safe without. To renew
  // a lease in a file would be a change as well.
  const leased = store.state() === undefined;
  const held = leased ? createHold(store.leases, lease, holder) : async () => true;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  /** Rounds since what was sealed first and is not noted yet. */
  let unnoted = 0;

  async function seal(): Promise<void> {
    let sealed = 0;
    for (let last = most; last === most; sealed += last) {
      if (!(await audit.pending()) || !(await held(clock.now()))) break;
      last = await audit.seal(most);
    }
    if (sealed > 0 || unnoted > 0) unnoted += 1;
  }

  async function note(): Promise<void> {
    if (unnoted === 0) return;
    await store.records.put({ ...noted, value: await audit.head(), expires: null, family: null });
    unnoted = 0;
  }

  async function sealAndNote(): Promise<void> {
    await seal();
    await note();
  }

  async function round(): Promise<void> {
    await seal();
    if (unnoted >= roundsToNote) await note();
  }

  /** One after the other, whoever asks. */
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    running = running.then(work, work);
    return running;
  };
  const quietly = (work: () => Promise<void>) =>
    inTurn(work).catch(error =>
      log.error({ err: error }, 'the audit could not be sealed; it will be tried again'),
    );

  return {
    seal: () => inTurn(sealAndNote),
    start() {
      timer ??= setInterval(() => quietly(round), everyMs).unref();
    },
    async stop() {
      clearInterval(timer);
      timer = undefined;
      await quietly(sealAndNote);
      if (leased) await store.leases.release(lease, holder);
    },
  };
}

/** The head as it was noted apart from the audit, if it ever was. */
export async function notedHead(store: Pick<Store, 'records'>, clock: Clock): Promise<AuditHead | undefined> {
  const record = await store.records.get(noted.kind, noted.id, clock.now().getTime());
  return record?.value as AuditHead | undefined;
}
