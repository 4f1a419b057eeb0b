/** What the audit store takes and gives: it knows nothing of what an event means. */

/** An event to be kept; all of it is hash-chained. */
export interface NewAuditRow {
  /** Epoch milliseconds. */
  at: number;
  kind: string;
  outcome: string;
  /** Organization id that the agent acted for. */
  org: string | null;
  /** The event as JSON. */
  event: string;
  /** What it is found by (see `AuditQuery.keys`), a line each. */
  keys: string;
}

export interface AuditRow extends NewAuditRow {
  /** Order in which events were stored. */
  seq: number;
}

/** The last stored first. All must hold. */
export interface AuditQuery {
  /** One of each list is a key of the event; lists with few events come first. */
  keys: readonly (readonly string[])[];
  kinds?: readonly string[];
  outcomes?: readonly string[];
  org?: string;
  /** Epoch milliseconds, inclusive. */
  from?: number;
  to?: number;
  /** Only this event and those before it. */
  start?: number;
  limit: number;
}

/** The end of the chain: the last sealed event, its hash, and how many there are. */
export interface AuditHead {
  rows: number;
  seq: number;
  hash: string;
}

/** What was sealed at once: the hash of each event, and the events that are there now. */
export interface SealedBlock {
  /** Number of its last event. */
  last: number;
  hashes: string;
  /** Events after the block before, up to `last`. */
  rows: AuditRow[];
}

/** Append-only; the same on both databases. */
export interface AuditStore {
  /** Stored, as durable as it was opened for, when it resolves. */
  append(rows: readonly NewAuditRow[]): Promise<void>;
  read(seq: number): Promise<AuditRow | undefined>;
  /** Finds every event that is stored: seals first what is not sealed yet. */
  search(query: AuditQuery): Promise<AuditRow[]>;
  /**
   * Chains and indexes at most `limit` events that are not sealed yet, in order; how many it were. What is sealed
   * survives a power cut. Several processes may do so at once.
   */
  seal(limit: number): Promise<number>;
  head(): Promise<AuditHead>;
  /** Whether there are events that are not sealed yet. */
  pending(): Promise<boolean>;
  /** The first block whose last event comes after this one. */
  sealed(after: number): Promise<SealedBlock | undefined>;
  close(): Promise<void>;
}
