import { HubError } from '../../errors.ts';
import type { Durability, StoreOptions } from '../options.ts';
import { connectPostgresAudit } from './postgres/open.ts';
import { SqlAuditStore } from './sql-audit-store.ts';
import { connectSqliteAudit } from './sqlite/open.ts';
import type { AuditStore } from './types.ts';

/** Opens the audit: tables of its own in a PostgreSQL database, or an SQLite file of its own. */
export async function openAuditStore(
  { file, url }: StoreOptions,
  durability: Durability,
): Promise<AuditStore> {
  if (url !== undefined) return new SqlAuditStore(await connectPostgresAudit(url, durability));
  if (file !== undefined) return new SqlAuditStore(await connectSqliteAudit(file, durability));
  throw new HubError(
    'invalid',
    'An audit needs the `file` of an SQLite database or the `url` of a PostgreSQL one.',
  );
}
