import type pg from 'pg';
import { hubSchema } from '../migrate.ts';
import { sql } from '../sql.ts';
import type { Connection } from '../sql-store.ts';
import { migratePool } from './migration.ts';
import { createPool } from './pool.ts';
import { PostgresReader } from './reader.ts';
import { PostgresWriter } from './writer.ts';

/** Connects to the database and migrates it. */
export async function connectPostgres(url: string): Promise<Connection> {
  await unhurried(url, pool => migratePool(pool, hubSchema));
  const pool = createPool(url);
  const reader = new PostgresReader(pool);
  return {
    reader,
    writer: new PostgresWriter(pool),
    // What was loaded is read from the indexes alone only once it is known to be visible to all.
    analyze: () => unhurried(url, one => one.query('VACUUM (ANALYZE)')),
    async ping() {
      await reader.all(sql`SELECT 1`);
    },
    close: () => pool.end(),
  };
}

/** What may take longer than anyone waits for an answer. */
async function unhurried(url: string, work: (pool: pg.Pool) => Promise<unknown>): Promise<void> {
  const pool = createPool(url, { max: 1, statement_timeout: 0 });
  try {
    await work(pool);
  } finally {
    await pool.end();
  }
}
