import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { HubError } from '../errors.ts';
import type { AuditStore } from '../store/audit/types.ts';
import type { AuditEntry } from './entry.ts';
import { eventWriter } from './to-event.ts';

/** Where everything that happens is recorded before its answer leaves. */
export interface Audit {
  /** Resolves once the events are stored; HubError `unavailable` when they cannot be: then nothing may be answered. */
  record(...entries: AuditEntry[]): Promise<void>;
  /** Before a write: HubError `unavailable` as long as the audit cannot be written, so that nothing goes unrecorded. */
  ready(): Promise<void>;
  readonly events: Pick<AuditStore, 'read' | 'search'>;
}

export interface AuditOptions {
  store: AuditStore;
  clock: Clock;
  log: Pick<Logger, 'error' | 'warn'>;
}

export function createAudit({ store, clock, log }: AuditOptions): Audit {
  const toEvent = eventWriter();
  let interrupted = false;

  async function record(...entries: AuditEntry[]): Promise<void> {
    const all = interrupted ? [interruption, ...entries] : entries;
    if (all.length === 0) return;
    const at = clock.now().getTime();
    try {
      await store.append(all.map(entry => toEvent(entry, at)));
      interrupted = false;
    } catch (error) {
      if (!interrupted)
        log.error({ err: error }, 'the audit cannot be written: nothing is answered until it can');
      interrupted = true;
      throw new HubError(
        'unavailable',
        'The audit cannot be written, so that nothing is read or changed. Try again later.',
      );
    }
  }

  return { record, ready: () => record(), events: store };
}

/** The first thing that is recorded when the audit can be written again. */
const interruption: AuditEntry = {
  kind: 'interruption',
  outcome: 'failed',
  agent: { kind: 'hub', id: 'hub' },
};
