/** What the audit store takes and gives. Of an event it knows what it is found by, and nothing of what it means. */

/** The members of an event that the store looks at. */
export interface FoundBy {
  /** Epoch milliseconds. */
  at: number;
  kind: string;
  outcome: string;
  agent: {
    id: string;
    /** Organization id that the agent acted for. */
    organization?: string;
  };
  entities?: readonly FoundEntity[];
}

export interface FoundEntity {
  type: string;
  id: string;
  owner?: string;
  patient?: string;
}

/** An event to be kept; all of it is hash-chained. Its own members and those of its parts are those of `FoundBy`. */
export interface NewAuditEvent {
  /** Epoch milliseconds. */
  at: number;
  /** JSON of an object with the members that are its own; `at` is one of them. */
  json: string;
  parts: readonly AuditPart[];
}

/** What several events have in common. They share the object: a batch tells it once. */
export interface AuditPart {
  /** JSON of an object with the members that it gives to an event. */
  json: string;
  /** What these members are found by (`keysOf`), a line each. */
  keys: string;
}

/** An event as it was stored. */
export interface AuditRow {
  /** Order in which events were stored. */
  seq: number;
  event: FoundBy;
}

/** Events as they are stored: a few that came at the same moment. */
export interface StoredBatch {
  /** Number of the first event; the others follow it. */
  seq: number;
  batch: string;
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

/** The end of the chain: the last sealed batch, its hash, and how many events there are up to it. */
export interface AuditHead {
  rows: number;
  seq: number;
  hash: string;
}

/** What was sealed at once: the hash of each batch, and the batches that are there now. */
export interface SealedBlock {
  /** Number of its last batch. */
  last: number;
  hashes: string;
  /** Batches after the block before, up to `last`. */
  batches: StoredBatch[];
}

/** Append-only; the same on both databases. */
export interface AuditStore {
  /** Stored, as durable as it was opened for, when it resolves. */
  append(events: readonly NewAuditEvent[]): Promise<void>;
  read(seq: number): Promise<AuditRow | undefined>;
  /** Finds every event that is stored: seals first what is not sealed yet. */
  search(query: AuditQuery): Promise<AuditRow[]>;
  /**
   * Chains and indexes at most `limit` batches that are not sealed yet, in order; how many it were. What is sealed
   * survives a power cut. Several processes may do so at once.
   */
  seal(limit: number): Promise<number>;
  head(): Promise<AuditHead>;
  /** Whether there are events that are not sealed yet. */
  pending(): Promise<boolean>;
  /** The first block whose last batch comes after this one. */
  sealed(after: number): Promise<SealedBlock | undefined>;
  close(): Promise<void>;
}
