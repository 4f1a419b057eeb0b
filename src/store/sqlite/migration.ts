import type { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { Kysely, SqliteDialect } from 'kysely';
import { sqlite } from '../capabilities.ts';
import { migrate, needsMigration, type Schema } from '../migrate.ts';
import { bindable, connect } from './connection.ts';
import { isLocked, translate } from './errors.ts';

/** How long another process may take to migrate the same file. */
const patience = 60_000;

/**
 * Migrates the file in one transaction that other processes wait for. Kysely takes no lock on SQLite, so the
 * transaction is ours, around all of what the Migrator does on this one connection. Waiting does not block
 * the thread: the other one may be in this very process.
 */
export async function migrateFile(file: string, schema: Schema): Promise<void> {
  const until = performance.now() + patience;
  while (!(await attempt(file, schema, performance.now() > until))) {
    await setTimeout(20);
  }
}

/** False when the file was locked, unless this is the last attempt. */
async function attempt(file: string, schema: Schema, last: boolean): Promise<boolean> {
  let db: DatabaseSync | undefined;
  try {
    db = connect(file, { patience: 0 });
    const kysely = kyselyOf(db);
    if (await needsMigration(kysely, sqlite, schema)) {
      db.exec('BEGIN IMMEDIATE');
      await migrate(kysely, sqlite, schema);
      db.exec('COMMIT');
    }
    return true;
  } catch (error) {
    if (isLocked(error) && !last) {
      return false;
    }
    throw translate(error);
  } finally {
    db?.close();
  }
}

/** Kysely's SQLite dialect over `node:sqlite`, whose statements tell whether they return rows another way. */
function kyselyOf(db: DatabaseSync): Kysely<unknown> {
  const prepare = (text: string) => {
    const statement = db.prepare(text);
    return {
      reader: statement.columns().length > 0,
      all: (parameters: readonly unknown[]) => statement.all(...bindable(parameters)),
      run: (parameters: readonly unknown[]) => statement.run(...bindable(parameters)),
      iterate: (parameters: readonly unknown[]) => statement.iterate(...bindable(parameters)),
    };
  };
  return new Kysely<unknown>({
    dialect: new SqliteDialect({ database: { prepare, close: () => db.close() } }),
  });
}
