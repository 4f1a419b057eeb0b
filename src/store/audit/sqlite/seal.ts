import type { DatabaseSync } from 'node:sqlite';
import { connect, Statements } from '../../sqlite/connection.ts';
import { sealBlock } from '../chain.ts';
import type { AuditHead, AuditRow } from '../types.ts';
import type { AuditFiles } from './protocol.ts';

/** The connections that seal: one reads the events, one writes the seals. */
export interface SqliteSealer {
  /** See AuditStore.seal. */
  seal(limit: number): number;
  close(): void;
}

export function createSqliteSealer(files: AuditFiles): SqliteSealer {
  const events = connect(files.events);
  const seals = connect(files.seals);
  const [read, write] = [new Statements(events), new Statements(seals)];
  return {
    seal(limit) {
      // Brings what was appended to the disk, before its seal can get there; it stops nobody from appending.
      const checkpoint = read.prepare('PRAGMA wal_checkpoint(PASSIVE)');
      checkpoint.get();
      write.prepare('BEGIN IMMEDIATE').run();
      try {
        const sealed = seal(read, write, limit);
        write.prepare('COMMIT').run();
        return sealed;
      } catch (error) {
        if (seals.isTransaction) seals.exec('ROLLBACK');
        throw error;
      }
    },
    close() {
      close(events);
      close(seals);
    },
  };
}

const close = (db: DatabaseSync): void => db.close();

/** Numbers are given inside a transaction, so that whatever is appended later has a greater one. */
function seal(events: Statements, seals: Statements, limit: number): number {
  const before = seals.prepare('SELECT rows, seq, hash FROM audit_head').get() as unknown as AuditHead;
  const rows = events
    .prepare('SELECT seq, at, kind, outcome, org, keys, event FROM audit WHERE seq > ? ORDER BY seq LIMIT ?')
    .all(before.seq, limit) as unknown as AuditRow[];
  const [first, ...others] = rows;
  if (!first) return 0;
  const { head, hashes, earliest, latest, index } = sealBlock(before, [first, ...others]);
  seals
    .prepare('INSERT INTO audit_seal(last, rows, earliest, latest, hashes) VALUES (?, ?, ?, ?, ?)')
    .run(head.seq, rows.length, earliest, latest, hashes);
  const found = seals.prepare('INSERT INTO audit_key(key, last, seqs) VALUES (?, ?, ?)');
  for (const { key, seqs } of index) found.run(key, head.seq, seqs);
  seals.prepare('UPDATE audit_head SET rows = ?, seq = ?, hash = ?').run(head.rows, head.seq, head.hash);
  return rows.length;
}
