import { type Kysely, sql } from 'kysely';
import { DEFAULT_MIGRATION_TABLE, type Migration, Migrator } from 'kysely/migration';
import { HubError } from '../errors.ts';
import type { Capabilities } from './capabilities.ts';
import * as schema from './migrations/0001-schema.ts';

/** In order, forwards only: a migration that has been released never changes. */
const migrations: Record<string, { up(db: Kysely<unknown>, dialect: Capabilities): Promise<void> }> = {
  '0001-schema': schema,
};

/** Whether the database lacks any of this code's migrations. Refuses one that newer code has migrated. */
export async function needsMigration(db: Kysely<unknown>, dialect: Capabilities): Promise<boolean> {
  const [found] = (
    await sql<{ found: number }>`SELECT ${dialect.hasTable(DEFAULT_MIGRATION_TABLE)} AS found`.execute(db)
  ).rows;
  if (found?.found !== 1) {
    return true;
  }
  const query = sql<{ name: string }>`SELECT name FROM ${sql.table(DEFAULT_MIGRATION_TABLE)} ORDER BY name`;
  const done = (await query.execute(db)).rows.map(row => row.name);
  refuseNewer(done.filter(name => !(name in migrations)));
  return done.length < Object.keys(migrations).length;
}

/** Brings the database to this code's schema. */
export async function migrate(db: Kysely<unknown>, dialect: Capabilities): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => bind(dialect) } });
  const { error } = await migrator.migrateToLatest();
  if (error) {
    throw error;
  }
}

function bind(dialect: Capabilities): Record<string, Migration> {
  return Object.fromEntries(
    Object.entries(migrations).map(([name, { up }]) => [
      name,
      { up: (db: Kysely<unknown>) => up(db, dialect) },
    ]),
  );
}

function refuseNewer(unknown: readonly string[]): void {
  if (unknown.length > 0) {
    throw new HubError(
      'unavailable',
      `The database was migrated by a newer hub (${unknown.join(', ')}); this one knows up to ` +
        `${Object.keys(migrations).at(-1)}. Update the hub, or restore a backup taken before.`,
    );
  }
}
