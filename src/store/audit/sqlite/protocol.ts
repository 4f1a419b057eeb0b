import type { NewAuditRow } from '../types.ts';

/** What the audit's thread is asked to do. */
export type AuditJob =
  | { kind: 'append'; rows: readonly NewAuditRow[] }
  /** The answer is the number of events it sealed. */
  | { kind: 'seal'; limit: number }
  | { kind: 'close' };
