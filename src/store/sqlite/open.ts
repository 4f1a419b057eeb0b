import { indexTables } from '../index-tables.ts';
import { hubSchema } from '../migrate.ts';
import { sql } from '../sql.ts';
import type { Connection } from '../sql-store.ts';
import { migrateFile } from './migration.ts';
import { SqliteReader } from './reader.ts';
import { SqliteWriter } from './writer.ts';

/** Opens (or creates) the file: reads on this thread, writes on the writer's. */
export async function connectSqlite(file: string): Promise<Connection> {
  await migrateFile(file, hubSchema);
  // A commit is seen from its acknowledgement on.
  const reader = new SqliteReader(file, { snapshots: true });
  const writer = new SqliteWriter(file, () => reader.refresh());
  return {
    reader,
    writer,
    analyze: () => analyze(reader, writer),
    async ping() {
      await Promise.all([reader.all(sql`SELECT 1`), writer.run(sql`SELECT 1`)]);
    },
    async close() {
      // The last connection to close must be able to write: it brings the WAL back into the file.
      reader.close();
      await writer.close();
    },
  };
}

/** One table at a time, so that writes do not wait for all of them. */
async function analyze(reader: SqliteReader, writer: SqliteWriter): Promise<void> {
  for (const table of [...indexTables, 'resource', 'version', 'feed', 'rel', 'party', 'work']) {
    await writer.run(sql`ANALYZE ${sql.table(table)}`);
  }
  reader.reopen();
}
