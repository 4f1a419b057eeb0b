import { type Kysely, sql } from 'kysely';
import {
  DEFAULT_MIGRATION_LOCK_TABLE,
  DEFAULT_MIGRATION_TABLE,
  type Migration,
  Migrator,
} from 'kysely/migration';
import { HubError } from '../errors.ts';
import type { Capabilities } from './capabilities.ts';
import * as schema from './migrations/0001-schema.ts';
import * as tuplesAndFullText from './migrations/0002-tuples-and-full-text.ts';
import * as clearance from './migrations/0003-clearance.ts';
import * as accounts from './migrations/0004-accounts.ts';
import * as outbox from './migrations/0005-outbox.ts';
import * as terminology from './migrations/0006-terminology.ts';
import * as edges from './migrations/0009-edges-of-relationships.ts';
import * as parkedDeliveries from './migrations/0010-parked-deliveries.ts';
import * as origin from './migrations/0011-origin.ts';

/** Tables that are migrated together, and where it is noted how far they are. */
export interface Schema {
  noted: string;
  lock: string;
  /** In order, forwards only: a migration that has been released never changes. */
  migrations: Record<string, { up(db: Kysely<unknown>, dialect: Capabilities): Promise<void> }>;
}

/** The hub's own tables. */
export const hubSchema: Schema = {
  noted: DEFAULT_MIGRATION_TABLE,
  lock: DEFAULT_MIGRATION_LOCK_TABLE,
  migrations: {
    '0001-schema': schema,
    '0002-tuples-and-full-text': tuplesAndFullText,
    '0003-clearance': clearance,
    '0004-accounts': accounts,
    '0005-outbox': outbox,
    '0006-terminology': terminology,
    '0009-edges-of-relationships': edges,
    '0010-parked-deliveries': parkedDeliveries,
    '0011-origin': origin,
  },
};

/** Whether the database lacks any of this code's migrations. Refuses one that newer code has migrated. */
export async function needsMigration(
  db: Kysely<unknown>,
  dialect: Capabilities,
  { noted, migrations }: Schema,
): Promise<boolean> {
  const [found] = (await sql<{ found: number }>`SELECT ${dialect.hasTable(noted)} AS found`.execute(db)).rows;
  if (found?.found !== 1) {
    return true;
  }
  const query = sql<{ name: string }>`SELECT name FROM ${sql.table(noted)} ORDER BY name`;
  const done = (await query.execute(db)).rows.map(row => row.name);
  refuseNewer(
    done.filter(name => !(name in migrations)),
    Object.keys(migrations).at(-1),
  );
  return done.length < Object.keys(migrations).length;
}

/** Brings the database to this code's schema. */
export async function migrate(db: Kysely<unknown>, dialect: Capabilities, schema: Schema): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => bind(dialect, schema) },
    migrationTableName: schema.noted,
    migrationLockTableName: schema.lock,
  });
  const { error } = await migrator.migrateToLatest();
  if (error) {
    throw error;
  }
}

function bind(dialect: Capabilities, { migrations }: Schema): Record<string, Migration> {
  return Object.fromEntries(
    Object.entries(migrations).map(([name, { up }]) => [
      name,
      { up: (db: Kysely<unknown>) => up(db, dialect) },
    ]),
  );
}

function refuseNewer(unknown: readonly string[], known: string | undefined): void {
  if (unknown.length > 0) {
    throw new HubError(
      'unavailable',
      `The database was migrated by a newer hub (${unknown.join(', ')}); this one knows up to ` +
        `${known}. Update the hub, or restore a backup taken before.`,
    );
  }
}
