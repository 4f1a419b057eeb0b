export interface AuditFiles {
  events: string;
  seals: string;
}

/** What the audit's thread is asked to do. */
export type AuditJob =
  /** As durable as after a power cut. */
  | { kind: 'append'; batches: readonly string[] }
  /** The answer is the number of batches it sealed. */
  | { kind: 'seal'; limit: number }
  | { kind: 'close' };
