import { sql } from 'kysely';
import type { Reader } from '../database.ts';
import { eventsIn } from './batch.ts';
import { Batches } from './batches.ts';
import { searchAudit } from './search.ts';
import type {
  AuditHead,
  AuditQuery,
  AuditRow,
  AuditStore,
  NewAuditEvent,
  SealedBlock,
  StoredBatch,
} from './types.ts';

/** What a database does for the audit in its own way. */
export interface AuditConnection extends Pick<AuditStore, 'seal' | 'close'> {
  /** Texts of batches, in order, all or none. */
  append(batches: readonly string[]): Promise<void>;
  /** Of the table of events. */
  events: Reader;
  /** Of their seals and index: on SQLite another file. */
  seals: Reader;
}

const sealedAtOnce = 1000;

/** The audit store over a connection, the same for both databases. */
export class SqlAuditStore implements AuditStore {
  readonly #connection: AuditConnection;
  readonly #events: Reader;
  readonly #seals: Reader;
  readonly #batches: Batches;

  constructor(connection: AuditConnection) {
    this.#connection = connection;
    this.#events = connection.events;
    this.#seals = connection.seals;
    this.#batches = new Batches(
      batches => connection.append(batches),
      connection.events.dialect.name === 'sqlite' ? 1 : 2,
    );
  }

  append(events: readonly NewAuditEvent[]): Promise<void> {
    return events.length === 0 ? Promise.resolve() : this.#batches.append(events);
  }

  async read(seq: number): Promise<AuditRow | undefined> {
    const [batch] = await this.#events.all(
      sql<StoredBatch>`SELECT a.seq, a.batch FROM audit a WHERE a.seq <= ${seq} ORDER BY a.seq DESC LIMIT 1`,
    );
    return batch && eventsIn(batch).find(row => row.seq === seq);
  }

  async search(query: AuditQuery): Promise<AuditRow[]> {
    while (await this.pending()) await this.seal(sealedAtOnce);
    return searchAudit({ events: this.#events, seals: this.#seals }, query);
  }

  seal(limit: number): Promise<number> {
    return this.#connection.seal(limit);
  }

  async head(): Promise<AuditHead> {
    const [head] = await this.#seals.all(sql<AuditHead>`SELECT rows, seq, hash FROM audit_head`);
    if (!head) throw new Error('The audit has lost its head');
    return head;
  }

  async pending(): Promise<boolean> {
    const { seq } = await this.head();
    return (await this.#events.all(sql`SELECT 1 FROM audit a WHERE a.seq > ${seq} LIMIT 1`)).length > 0;
  }

  async sealed(after: number): Promise<SealedBlock | undefined> {
    const [block] = await this.#seals.all(sql<Omit<SealedBlock, 'batches'>>`
      SELECT s.last, s.hashes FROM audit_seal s WHERE s.last > ${after} ORDER BY s.last LIMIT 1`);
    if (!block) return undefined;
    const batches = await this.#events.all(sql<StoredBatch>`
      SELECT a.seq, a.batch FROM audit a WHERE a.seq > ${after} AND a.seq <= ${block.last} ORDER BY a.seq`);
    return { ...block, batches };
  }

  close(): Promise<void> {
    return this.#connection.close();
  }
}
