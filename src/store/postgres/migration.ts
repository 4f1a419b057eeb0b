import { Kysely, PostgresDialect } from 'kysely';
import type pg from 'pg';
import { postgres } from '../capabilities.ts';
import { migrate, needsMigration, type Schema } from '../migrate.ts';
import { translate } from './errors.ts';

/** Migrates the database; Kysely's Migrator takes a lock, so processes that open at once wait for each other. */
export async function migratePool(pool: pg.Pool, schema: Schema): Promise<void> {
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    if (await needsMigration(db, postgres, schema)) {
      await migrate(db, postgres, schema);
    }
  } catch (error) {
    throw translate(error);
  }
}
