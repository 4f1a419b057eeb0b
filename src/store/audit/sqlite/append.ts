import type { Durability } from '../../options.ts';
import { connect } from '../../sqlite/connection.ts';
import { batchSize } from '../batch.ts';

/** A connection that appends. */
export interface Appender {
  /** All or none, in a transaction of their own. */
  append(batches: readonly string[]): void;
  close(): void;
}

/**
 * Whoever seals checkpoints: without that this connection would, and make its caller wait for the disk. Short
 * `patience`: others hold the file for as long as a batch takes.
 */
export function createAppender(file: string, durability: Durability, patience: number): Appender {
  const db = connect(file, { durability, patience });
  db.exec('PRAGMA wal_autocheckpoint=0');
  const insert = db.prepare(
    `INSERT INTO audit(seq, batch) SELECT coalesce(max(seq) + ${batchSize}, 1), ? FROM audit`,
  );
  return {
    append(batches) {
      const [first] = batches;
      if (batches.length === 1 && first !== undefined) {
        insert.run(first);
        return;
      }
      db.exec('BEGIN IMMEDIATE');
      try {
        for (const batch of batches) insert.run(batch);
        db.exec('COMMIT');
      } catch (error) {
        if (db.isTransaction) db.exec('ROLLBACK');
        throw error;
      }
    },
    close: () => db.close(),
  };
}
