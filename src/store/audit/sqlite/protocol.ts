import type { NewAuditRow } from '../types.ts';

export interface AuditFiles {
  events: string;
  seals: string;
}

/** What the audit's thread is asked to do. */
export type AuditJob =
  /** As durable as after a power cut. */
  | { kind: 'append'; rows: readonly NewAuditRow[] }
  /** The answer is the number of events it sealed. */
  | { kind: 'seal'; limit: number }
  | { kind: 'close' };
