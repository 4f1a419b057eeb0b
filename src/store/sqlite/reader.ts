import type { DatabaseSync } from 'node:sqlite';
import type { RawBuilder } from 'kysely';
import { sqlite } from '../capabilities.ts';
import { type Compiled, compile, type Reader } from '../database.ts';
import { bindable, connect, Statements } from './connection.ts';
import { translate } from './errors.ts';

/** The read-only connection of this thread: it sees every commit that has been acknowledged. */
export class SqliteReader implements Reader {
  readonly dialect = sqlite;
  readonly #file: string;
  #db: DatabaseSync;
  #statements: Statements;

  constructor(file: string) {
    this.#file = file;
    this.#db = connect(file, { readOnly: true });
    this.#statements = new Statements(this.#db);
  }

  async all<Row>(query: RawBuilder<Row> | Compiled): Promise<Row[]> {
    const { sql, parameters } = compile(sqlite, query);
    try {
      return this.#statements.prepare(sql).all(...bindable(parameters)) as Row[];
    } catch (error) {
      throw translate(error);
    }
  }

  /** A connection reads the planner's statistics when it opens: after ANALYZE it has to open again. */
  reopen(): void {
    const old = this.#db;
    this.#db = connect(this.#file, { readOnly: true });
    this.#statements = new Statements(this.#db);
    old.close();
  }

  close(): void {
    this.#db.close();
  }
}
