import type { Durability } from '../../options.ts';
import { translate } from '../../sqlite/errors.ts';
import { migrateFile } from '../../sqlite/migration.ts';
import { SqliteReader } from '../../sqlite/reader.ts';
import { DatabaseWorker } from '../../sqlite/worker.ts';
import { eventsSchema, sealsSchema } from '../schema.ts';
import type { AuditConnection } from '../sql-audit-store.ts';
import { createAppender } from './append.ts';
import type { AuditFiles, AuditJob } from './protocol.ts';

/** Milliseconds for which this thread stands still, at most, while another process appends. */
const patience = 2_000;

/**
 * The audit in two files of its own. What need not survive a power cut is appended right here, since it waits for
 * no disk, and a thread that has to be woken costs more than the append; everything else is done by a thread.
 */
export async function connectSqliteAudit(file: string, durability: Durability): Promise<AuditConnection> {
  const files: AuditFiles = { events: file, seals: file.replace(/(\.\w+)?$/, '-seals$1') };
  await migrateFile(files.events, eventsSchema);
  await migrateFile(files.seals, sealsSchema);
  const events = new SqliteReader(files.events);
  const seals = new SqliteReader(files.seals);
  const thread = new DatabaseWorker<AuditJob>(new URL('./audit-thread.ts', import.meta.url), files);
  const appender = durability === 'crash' ? createAppender(files.events, durability, patience) : undefined;
  const append = (batches: readonly string[]): Promise<void> =>
    appender ? translated(() => appender.append(batches)) : thread.ask<void>({ kind: 'append', batches });
  return {
    events,
    seals,
    append,
    seal: limit => thread.ask<number>({ kind: 'seal', limit }),
    async close() {
      events.close();
      seals.close();
      await thread.close();
      appender?.close();
    },
  };
}

async function translated(work: () => void): Promise<void> {
  try {
    work();
  } catch (error) {
    throw translate(error);
  }
}
