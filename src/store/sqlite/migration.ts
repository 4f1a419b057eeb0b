import type { DatabaseSync } from 'node:sqlite';
import { Kysely, SqliteDialect } from 'kysely';
import { sqlite } from '../capabilities.ts';
import { migrate } from '../migrate.ts';
import { bindable, connect } from './connection.ts';
import { translate } from './errors.ts';

/**
 * Migrates the file in one transaction that other processes wait for. Kysely takes no lock on SQLite, so the
 * transaction is ours, around all of what the Migrator does on this one connection.
 */
export async function migrateFile(file: string): Promise<void> {
  const connection = open(file);
  try {
    connection.exec('BEGIN IMMEDIATE');
    await migrate(kyselyOf(connection), sqlite);
    connection.exec('COMMIT');
  } catch (error) {
    throw translate(error);
  } finally {
    connection.close();
  }
}

function open(file: string): DatabaseSync {
  try {
    return connect(file);
  } catch (error) {
    throw translate(error);
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
