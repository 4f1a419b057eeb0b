import type { Durability } from '../../options.ts';
import { translate } from '../../postgres/errors.ts';
import { migratePool } from '../../postgres/migration.ts';
import { createPool } from '../../postgres/pool.ts';
import { PostgresReader } from '../../postgres/reader.ts';
import { eventsSchema, sealsSchema } from '../schema.ts';
import type { AuditConnection } from '../sql-audit-store.ts';
import { appendBatches } from './append.ts';
import { sealRows } from './seal.ts';

/** https://www.postgresql.org/docs/current/runtime-config-wal.html#GUC-SYNCHRONOUS-COMMIT */
const synchronousCommit: Record<Durability, string> = { crash: 'off', power: 'on' };

/** The audit's own tables and connections in the hub's database. */
export async function connectPostgresAudit(url: string, durability: Durability): Promise<AuditConnection> {
  const pool = createPool(url, {
    max: 4,
    options: `-c synchronous_commit=${synchronousCommit[durability]}`,
  });
  try {
    await migratePool(pool, eventsSchema);
    await migratePool(pool, sealsSchema);
  } catch (error) {
    await pool.end();
    throw error;
  }
  const reader = new PostgresReader(pool);
  return {
    events: reader,
    seals: reader,
    append: batches => translated(() => appendBatches(pool, batches)),
    seal: limit => translated(() => sealRows(pool, limit)),
    close: () => pool.end(),
  };
}

async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw translate(error);
  }
}
