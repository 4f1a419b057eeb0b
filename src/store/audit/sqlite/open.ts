import type { Durability } from '../../options.ts';
import { migrateFile } from '../../sqlite/migration.ts';
import { SqliteReader } from '../../sqlite/reader.ts';
import { DatabaseWorker } from '../../sqlite/worker.ts';
import { auditSchema } from '../schema.ts';
import type { AuditConnection } from '../sql-audit-store.ts';
import type { AuditJob } from './protocol.ts';

/** The audit in a file of its own, written by a thread of its own. */
export async function connectSqliteAudit(file: string, durability: Durability): Promise<AuditConnection> {
  await migrateFile(file, auditSchema);
  const reader = new SqliteReader(file);
  const data = { file, durability };
  const thread = new DatabaseWorker<AuditJob>(new URL('./audit-thread.ts', import.meta.url), data);
  return {
    reader,
    append: rows => thread.ask<void>({ kind: 'append', rows }),
    seal: limit => thread.ask<number>({ kind: 'seal', limit }),
    async close() {
      reader.close();
      await thread.close();
    },
  };
}
