import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { createHold } from '../events/lease.ts';
import type { AuditHead, AuditStore } from '../store/audit/types.ts';
import type { Store } from '../store/store.ts';

/** Chains what was recorded, in one process at a time. */
export interface Sealer {
  /** Seals all that is there now, if this process is the one that does; the number of events. */
  seal(): Promise<number>;
  /** Seals each second. */
  start(): void;
  /** Seals what is left, and lets another process take over. */
  stop(): Promise<void>;
}

export interface SealerOptions {
  audit: Pick<AuditStore, 'seal' | 'head' | 'pending'>;
  store: Pick<Store, 'leases' | 'records'>;
  clock: Clock;
  log: Pick<Logger, 'error'>;
}

const everyMs = 1000;
const lease = 'audit-sealer';
/** Events at once: the more, the fewer entries the index takes for them. */
const batch = 4000;

/** Where the head is noted apart from the audit: on SQLite, in the other file. */
const noted = { kind: 'audit-head', id: 'head' };

export function createSealer({ audit, store, clock, log }: SealerOptions): Sealer {
  const holder = randomUUID();
  const held = createHold(store.leases, lease, holder);
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<number> = Promise.resolve(0);

  async function seal(): Promise<number> {
    let sealed = 0;
    for (let last = batch; last === batch; sealed += last) {
      if (!(await audit.pending()) || !(await held(clock.now()))) break;
      last = await audit.seal(batch);
    }
    if (sealed > 0) await note(await audit.head());
    return sealed;
  }

  const note = (head: AuditHead) => store.records.put({ ...noted, value: head, expires: null, family: null });
  /** One after the other, whoever asks. */
  const inTurn = (): Promise<number> => {
    running = running.then(seal, seal);
    return running;
  };
  const quietly = () =>
    inTurn().catch(error =>
      log.error({ err: error }, 'the audit could not be sealed; it will be tried again'),
    );

  return {
    seal: inTurn,
    start() {
      timer ??= setInterval(quietly, everyMs).unref();
    },
    async stop() {
      clearInterval(timer);
      timer = undefined;
      await quietly();
      await store.leases.release(lease, holder);
    },
  };
}

/** The head as it was noted apart from the audit, if it ever was. */
export async function notedHead(store: Pick<Store, 'records'>, clock: Clock): Promise<AuditHead | undefined> {
  const record = await store.records.get(noted.kind, noted.id, clock.now().getTime());
  return record?.value as AuditHead | undefined;
}
