import { type Kysely, sql } from 'kysely';
import { DEFAULT_MIGRATION_TABLE, type Migration, Migrator } from 'kysely/migration';
import { HubError } from '../errors.ts';
import type { Capabilities } from './capabilities.ts';
import * as schema from './migrations/0001-schema.ts';

/** In order, forwards only: a migration that has been released never changes. */
const migrations: Record<string, { up(db: Kysely<unknown>, dialect: Capabilities): Promise<void> }> = {
  '0001-schema': schema,
};

/** Brings the database to this code's schema; refuses one that newer code has migrated further. */
export async function migrate(db: Kysely<unknown>, dialect: Capabilities): Promise<void> {
  await refuseNewer(db);
  const migrator = new Migrator({ db, provider: { getMigrations: async () => bind(dialect) } });
  const { error } = await migrator.migrateToLatest();
  if (error) {
    await refuseNewer(db);
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

async function refuseNewer(db: Kysely<unknown>): Promise<void> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(table => table.name === DEFAULT_MIGRATION_TABLE)) {
    return;
  }
  const query = sql<{ name: string }>`SELECT name FROM ${sql.table(DEFAULT_MIGRATION_TABLE)} ORDER BY name`;
  const unknown = (await query.execute(db)).rows.filter(row => !(row.name in migrations));
  if (unknown.length > 0) {
    const names = unknown.map(row => row.name).join(', ');
    throw new HubError(
      'unavailable',
      `The database was migrated by a newer hub (${names}); this one knows up to ` +
        `${Object.keys(migrations).at(-1)}. Update the hub, or restore a backup taken before.`,
    );
  }
}
