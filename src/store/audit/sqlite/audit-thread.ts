import type { DatabaseSync } from 'node:sqlite';
import { isMainThread, type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { Durability } from '../../options.ts';
import { connect, Statements, surviving } from '../../sqlite/connection.ts';
import { type Answer, faultOf, type Outcome, type Request } from '../../sqlite/protocol.ts';
import { sealBlock } from '../chain.ts';
import type { AuditHead, AuditRow, NewAuditRow } from '../types.ts';
import type { AuditJob } from './protocol.ts';

/** The one writer of the audit in this process: each batch is a transaction of its own. */
function serve(port: MessagePort, file: string, durability: Durability): void {
  const db = connect(file, { durability });
  const statements = new Statements(db);
  port.on('message', ({ id, job }: Request<AuditJob>) => {
    if (job.kind === 'close') {
      db.close();
      port.close();
      return;
    }
    const answer: Answer = { id, ...attempt(() => run(db, statements, job, durability)) };
    port.postMessage([answer]);
  });
}

type Work = Exclude<AuditJob, { kind: 'close' }>;

function run(db: DatabaseSync, statements: Statements, job: Work, durability: Durability): unknown {
  if (job.kind === 'append') return transaction(db, statements, () => append(statements, job.rows));
  // The sync that a seal waits for brings everything before it to the disk as well.
  surviving(db, 'power');
  try {
    return transaction(db, statements, () => seal(statements, job.limit));
  } finally {
    surviving(db, durability);
  }
}

function append(statements: Statements, rows: readonly NewAuditRow[]): void {
  const insert = statements.prepare(
    'INSERT INTO audit(at, kind, outcome, org, keys, event) VALUES (?, ?, ?, ?, ?, ?)',
  );
  for (const { at, kind, outcome, org, keys, event } of rows) {
    insert.run(at, kind, outcome, org, keys, event);
  }
}

/** Sequence numbers are given inside the transaction, so that whatever comes later has a greater one. */
function seal(statements: Statements, limit: number): number {
  const before = statements.prepare('SELECT rows, seq, hash FROM audit_head').get() as unknown as AuditHead;
  const rows = statements
    .prepare('SELECT seq, at, kind, outcome, org, keys, event FROM audit WHERE seq > ? ORDER BY seq LIMIT ?')
    .all(before.seq, limit) as unknown as AuditRow[];
  const [first, ...others] = rows;
  if (!first) return 0;
  const { head, hashes, earliest, latest, index } = sealBlock(before, [first, ...others]);
  statements
    .prepare('INSERT INTO audit_seal(last, rows, earliest, latest, hashes) VALUES (?, ?, ?, ?, ?)')
    .run(head.seq, rows.length, earliest, latest, hashes);
  const found = statements.prepare('INSERT INTO audit_key(key, last, seqs) VALUES (?, ?, ?)');
  for (const { key, seqs } of index) found.run(key, head.seq, seqs);
  statements.prepare('UPDATE audit_head SET rows = ?, seq = ?, hash = ?').run(head.rows, head.seq, head.hash);
  return rows.length;
}

function transaction<T>(db: DatabaseSync, statements: Statements, work: () => T): T {
  statements.prepare('BEGIN IMMEDIATE').run();
  try {
    const result = work();
    statements.prepare('COMMIT').run();
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

function attempt(work: () => unknown): Outcome {
  try {
    return { value: work() };
  } catch (error) {
    return { fault: faultOf(error) };
  }
}

if (!isMainThread && parentPort) {
  serve(parentPort, workerData.file, workerData.durability);
}
