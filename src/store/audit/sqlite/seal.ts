import type { DatabaseSync } from 'node:sqlite';
import { HubError } from '../../../errors.ts';
import { connect, Statements } from '../../sqlite/connection.ts';
import { sealBlock } from '../chain.ts';
import type { AuditHead, StoredBatch } from '../types.ts';
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
      const newest = read.prepare('SELECT coalesce(max(seq), 0) AS seq FROM audit').get()?.seq;
      toDisk(read);
      write.prepare('BEGIN IMMEDIATE').run();
      try {
        const sealed = seal(read, write, Number(newest), limit);
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

const attempts = 50;

/**
 * Brings what was appended to the disk, before its seal can get there. It stops nobody from appending; whoever reads
 * at this moment can keep it from going all the way, and is soon done.
 */
function toDisk(events: Statements): void {
  const checkpoint = events.prepare('PRAGMA wal_checkpoint(PASSIVE)');
  for (let attempt = 0; attempt < attempts; attempt++) {
    const done = checkpoint.get();
    if (done?.busy === 0 && done.log === done.checkpointed) return;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
  }
  throw new HubError(
    'unavailable',
    'The audit could not be brought to the disk: others read it all the time.',
  );
}

/** Numbers are given inside a transaction, so that whatever is appended later has a greater one. */
function seal(events: Statements, seals: Statements, newest: number, limit: number): number {
  const before = seals.prepare('SELECT rows, seq, hash FROM audit_head').get() as unknown as AuditHead;
  const batches = events
    .prepare('SELECT seq, batch FROM audit WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?')
    .all(before.seq, newest, limit) as unknown as StoredBatch[];
  if (batches.length === 0) return 0;
  const { head, hashes, earliest, latest, index } = sealBlock(before, batches);
  seals
    .prepare('INSERT INTO audit_seal(last, rows, earliest, latest, hashes) VALUES (?, ?, ?, ?, ?)')
    .run(head.seq, head.rows - before.rows, earliest, latest, hashes);
  const found = seals.prepare('INSERT INTO audit_key(key, last, seqs) VALUES (?, ?, ?)');
  for (const { key, seqs } of index) found.run(key, head.seq, seqs);
  seals.prepare('UPDATE audit_head SET rows = ?, seq = ?, hash = ?').run(head.rows, head.seq, head.hash);
  return batches.length;
}
