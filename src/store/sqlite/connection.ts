import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { Durability } from '../options.ts';

interface ConnectOptions {
  readOnly?: boolean;
  /** `power` unless told otherwise. */
  durability?: Durability;
  /** Milliseconds that a writer waits for another process (a command beside a running hub) to finish. */
  patience?: number;
}

/** Opens the file with the settings that every connection of the hub has. */
export function connect(file: string, options: ConnectOptions = {}): DatabaseSync {
  const { readOnly = false, durability = 'power', patience = 20_000 } = options;
  const db = new DatabaseSync(file, { readOnly, timeout: patience });
  if (!readOnly) {
    // A large WAL is checkpointed seldom: measured to give 1.4 times the writes of the default of 1000 pages.
    const synchronous = durability === 'power' ? 'FULL' : 'NORMAL';
    db.exec(`PRAGMA journal_mode=WAL; PRAGMA synchronous=${synchronous}; PRAGMA wal_autocheckpoint=32000`);
  }
  db.exec('PRAGMA cache_size=-32768; PRAGMA temp_store=MEMORY');
  return db;
}

/** Prepared statements by their text, the least recently used forgotten first. */
export class Statements {
  readonly #db: DatabaseSync;
  readonly #limit: number;
  readonly #cached = new Map<string, StatementSync>();

  constructor(db: DatabaseSync, limit = 500) {
    this.#db = db;
    this.#limit = limit;
  }

  prepare(sql: string): StatementSync {
    const found = this.#cached.get(sql);
    if (found) {
      // As long as nothing has to be forgotten, the order does not matter.
      if (this.#cached.size === this.#limit) {
        this.#cached.delete(sql);
        this.#cached.set(sql, found);
      }
      return found;
    }
    const statement = this.#db.prepare(sql);
    this.#cached.set(sql, statement);
    this.#forget();
    return statement;
  }

  /**
   * For a statement that is only `run`, which also tells the last row number: the full-text index has row numbers of
   * its own beyond 2^53, and reading one as a JavaScript number throws.
   */
  prepareRun(sql: string): StatementSync {
    const statement = this.prepare(sql);
    statement.setReadBigInts(true);
    return statement;
  }

  #forget(): void {
    const [oldest] = this.#cached.keys();
    if (this.#cached.size > this.#limit && oldest !== undefined) {
      this.#cached.delete(oldest);
    }
  }
}

/** Parameters of a Kysely query are `unknown`; SQLite itself refuses what it cannot bind. */
export function bindable(parameters: readonly unknown[]): SQLInputValue[] {
  return parameters as SQLInputValue[];
}
