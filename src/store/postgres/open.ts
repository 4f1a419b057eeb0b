import { hubSchema } from '../migrate.ts';
import { sql } from '../sql.ts';
import type { Connection } from '../sql-store.ts';
import { migratePool } from './migration.ts';
import { createPool } from './pool.ts';
import { PostgresReader } from './reader.ts';
import { PostgresWriter } from './writer.ts';

/** Connects to the database and migrates it. */
export async function connectPostgres(url: string): Promise<Connection> {
  const migrating = createPool(url, { statement_timeout: 0 });
  try {
    await migratePool(migrating, hubSchema);
  } finally {
    await migrating.end();
  }
  const pool = createPool(url);
  const reader = new PostgresReader(pool);
  return {
    reader,
    writer: new PostgresWriter(pool),
    async analyze() {
      await pool.query('ANALYZE');
    },
    async ping() {
      await reader.all(sql`SELECT 1`);
    },
    close: () => pool.end(),
  };
}
