import type { Reader } from './database.ts';
import { limitTo } from './limit.ts';
import { type RawBuilder, sql } from './sql.ts';
import type { Feed } from './store.ts';
import type { FeedCursor, FeedRow } from './types.ts';

type Row = Omit<FeedRow, 'cursor'> & FeedCursor;

/** The change feed, and the ears for commits of this process. */
export class ChangeFeed implements Feed {
  readonly #reader: Reader;
  readonly #listeners = new Set<() => void>();

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  async read(after: FeedCursor | null, limit: number): Promise<FeedRow[]> {
    const { feed } = this.#reader.dialect;
    const rows = await this.#reader.all<Row>(sql`
      SELECT ${feed.xid} AS xid, f.seq, f.rid, f.ver, f.op, f.type, r.id
      FROM feed f JOIN resource r ON r.rid = f.rid
      WHERE f.quiet = 0 AND ${feed.settled} AND ${after ? feed.after(after) : sql`1 = 1`}
      ORDER BY ${feed.order}${limitTo(limit)}`);
    return rows.map(({ xid, seq, ...change }) => ({ ...change, cursor: { xid, seq } }));
  }

  cursor(name: string): Promise<FeedCursor | null> {
    return this.#place(sql`SELECT xid, seq FROM cursor WHERE name = ${name}`);
  }

  head(): Promise<FeedCursor | null> {
    const { feed } = this.#reader.dialect;
    return this.#place(sql`
      SELECT ${feed.xid} AS xid, f.seq FROM feed f WHERE ${feed.settled} ORDER BY ${feed.newest} LIMIT 1`);
  }

  onCommit(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Tells the listeners, outside of the caller's turn: what they throw is not the committer's fault. */
  committed(): void {
    for (const listener of this.#listeners) {
      setImmediate(listener);
    }
  }

  async #place(query: RawBuilder<unknown>): Promise<FeedCursor | null> {
    const [row] = (await this.#reader.all(query)) as FeedCursor[];
    return row ? { xid: row.xid, seq: row.seq } : null;
  }
}
