import type { Durability } from '../../options.ts';
import { connect, Statements } from '../../sqlite/connection.ts';
import type { NewAuditRow } from '../types.ts';

/** A connection that appends, each batch a transaction of its own. */
export interface Appender {
  append(rows: readonly NewAuditRow[]): void;
  close(): void;
}

/**
 * Whoever seals checkpoints: without that this connection would, and make its caller wait for the disk. Short
 * `patience`: others hold the file for as long as a batch takes.
 */
export function createAppender(file: string, durability: Durability, patience: number): Appender {
  const db = connect(file, { durability, patience });
  db.exec('PRAGMA wal_autocheckpoint=0');
  const statements = new Statements(db);
  const begin = statements.prepare('BEGIN IMMEDIATE');
  const commit = statements.prepare('COMMIT');
  const insert = statements.prepare(
    'INSERT INTO audit(at, kind, outcome, org, keys, event) VALUES (?, ?, ?, ?, ?, ?)',
  );
  return {
    append(rows) {
      begin.run();
      try {
        for (const { at, kind, outcome, org, keys, event } of rows) {
          insert.run(at, kind, outcome, org, keys, event);
        }
        commit.run();
      } catch (error) {
        if (db.isTransaction) db.exec('ROLLBACK');
        throw error;
      }
    },
    close: () => db.close(),
  };
}
