import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { sqlite } from '../capabilities.ts';
import { type Compiled, compile, type Reader } from '../database.ts';
import type { RawBuilder } from '../sql.ts';
import { bindable, connect, Statements } from './connection.ts';
import { translate } from './errors.ts';

export interface SqliteReaderOptions {
  /**
   * What is read in one turn of the event loop is read from one snapshot: taking and giving back the locks for each
   * query costs more than a point read. `refresh` ends the snapshot early.
   */
  snapshots: boolean;
}

/** A read-only connection of this thread. */
export class SqliteReader implements Reader {
  readonly dialect = sqlite;
  readonly #file: string;
  #db: DatabaseSync;
  #statements: Statements;
  readonly #snapshots: boolean;
  readonly #columns = new WeakMap<StatementSync, string[]>();
  #inSnapshot = false;
  #state: number | undefined;
  #opened = 1;

  constructor(file: string, options: SqliteReaderOptions = { snapshots: false }) {
    this.#file = file;
    this.#snapshots = options.snapshots;
    this.#db = connect(file, { readOnly: true });
    this.#statements = new Statements(this.#db);
  }

  async all<Row>(query: RawBuilder<Row> | Compiled): Promise<Row[]> {
    const { sql, parameters } = compile(sqlite, query);
    try {
      this.#enterSnapshot();
      return this.#rows(this.#statements.prepare(sql), parameters) as Row[];
    } catch (error) {
      throw translate(error);
    }
  }

  /**
   * The objects that `node:sqlite` itself makes have no shape that V8 could rely on: making them here takes half the
   * time, and whatever uses them is faster.
   */
  #rows(statement: StatementSync, parameters: readonly unknown[]): unknown[] {
    let names = this.#columns.get(statement);
    if (!names) {
      statement.setReturnArrays(true);
      names = statement.columns().map(column => column.name);
      this.#columns.set(statement, names);
    }
    const rows = statement.all(...bindable(parameters)) as unknown as unknown[][];
    return rows.map(values => rowOf(names, values));
  }

  /** The same throughout a snapshot. */
  state(): number {
    this.#enterSnapshot();
    if (this.#state === undefined || !this.#inSnapshot) {
      // https://www.sqlite.org/pragma.html#pragma_data_version : every connection counts for itself.
      const { data_version: version } = this.#statements.prepare('PRAGMA data_version').get() ?? {};
      this.#state = this.#opened * 2 ** 32 + Number(version);
    }
    return this.#state;
  }

  /** What is read from now on sees all that is committed by now. */
  refresh(): void {
    if (!this.#inSnapshot) {
      return;
    }
    this.#inSnapshot = false;
    this.#state = undefined;
    this.#statements.prepare('COMMIT').run();
  }

  #enterSnapshot(): void {
    if (!this.#snapshots || this.#inSnapshot) {
      return;
    }
    this.#statements.prepare('BEGIN').run();
    this.#inSnapshot = true;
    setImmediate(() => this.refresh());
  }

  /** A connection reads the planner's statistics when it opens: after ANALYZE it has to open again. */
  reopen(): void {
    this.refresh();
    const old = this.#db;
    this.#db = connect(this.#file, { readOnly: true });
    this.#statements = new Statements(this.#db);
    this.#opened += 1;
    old.close();
  }

  close(): void {
    this.refresh();
    this.#db.close();
  }
}

function rowOf(names: readonly string[], values: readonly unknown[]): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (let at = 0; at < names.length; at++) {
    row[names[at] as string] = values[at];
  }
  return row;
}
