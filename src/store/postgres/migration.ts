import { Kysely, PostgresDialect } from 'kysely';
import type pg from 'pg';
import { postgres } from '../capabilities.ts';
import { migrate, needsMigration } from '../migrate.ts';
import { translate } from './errors.ts';

/** Migrates the database; Kysely's Migrator takes a lock, so processes that open at once wait for each other. */
export async function migratePool(pool: pg.Pool): Promise<void> {
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    if (await needsMigration(db, postgres)) {
      await migrate(db, postgres);
    }
  } catch (error) {
    throw translate(error);
  }
}
