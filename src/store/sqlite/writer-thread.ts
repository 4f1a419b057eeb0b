import type { DatabaseSync } from 'node:sqlite';
import {
  isMainThread,
  type MessagePort,
  parentPort,
  receiveMessageOnPort,
  workerData,
} from 'node:worker_threads';
import type { Compiled } from '../database.ts';
import { type Applied, apply, applyWrites } from './apply.ts';
import { bindable, connect, Statements } from './connection.ts';
import { firstFailure } from './expectations.ts';
import { type Answer, faultOf, type Outcome, type Request } from './protocol.ts';

/** Lists that share one transaction, and so one fsync. */
const largestGroup = 100;

/**
 * The one writer of this process, in a thread of its own so that fsync does not hold up reads: all requests
 * that are waiting are applied under one BEGIN IMMEDIATE and answered after the COMMIT.
 */
function serve(port: MessagePort, file: string): void {
  const db = connect(file);
  const statements = new Statements(db);
  port.on('message', (first: Request) => {
    const group = [first, ...waiting(port)];
    const work = group.filter(request => request.job.kind !== 'close');
    if (work.length > 0) {
      port.postMessage(applyGroup(db, statements, work));
    }
    if (work.length < group.length) {
      db.close();
      port.close();
    }
  });
}

function waiting(port: MessagePort): Request[] {
  const requests: Request[] = [];
  while (requests.length < largestGroup) {
    const next = receiveMessageOnPort(port) as { message: Request } | undefined;
    if (!next) {
      break;
    }
    requests.push(next.message);
  }
  return requests;
}

/**
 * First all together, without a savepoint for each: what is to be refused is mostly seen before anything is written,
 * and the full-text index brings all it has so far to the pages at each savepoint. When one has left something behind,
 * all is undone and applied once more, each for itself.
 */
function applyGroup(db: DatabaseSync, statements: Statements, group: readonly Request[]): Answer[] {
  return (
    inTransaction(db, group, ({ job }) => attemptBare(statements, job)) ??
    inTransaction(db, group, ({ job }) => attempt(db, statements, job)) ??
    []
  );
}

/** The answers once all is committed; undefined when all is undone because one attempt has no outcome. */
function inTransaction(
  db: DatabaseSync,
  group: readonly Request[],
  attempt: (request: Request) => Outcome | undefined,
): Answer[] | undefined {
  try {
    db.exec('BEGIN IMMEDIATE');
    const answers: Answer[] = [];
    for (const request of group) {
      const outcome = attempt(request);
      if (!outcome) {
        if (db.isTransaction) db.exec('ROLLBACK');
        return undefined;
      }
      answers.push({ id: request.id, ...outcome });
    }
    db.exec('COMMIT');
    return answers;
  } catch (error) {
    // The transaction is lost whole: a full disk, a lock that was not given up.
    if (db.isTransaction) {
      db.exec('ROLLBACK');
    }
    return group.map(request => ({ id: request.id, fault: faultOf(error) }));
  }
}

/** One request; undefined when it failed after it may have written something. */
function attemptBare(statements: Statements, job: Request['job']): Outcome | undefined {
  if (job.kind === 'commit') {
    const failed = firstFailure(statements, job.list.expect);
    if (failed) return { value: { ok: false, failed } };
  }
  try {
    const value = job.kind === 'commit' ? applyWrites(statements, job.list) : runAll(statements, job);
    return Array.isArray(value) || value.ok ? { value } : undefined;
  } catch {
    // The same error comes again, and is told, in a savepoint of its own.
    return undefined;
  }
}

/** One request in its savepoint. An error that ended the whole transaction is thrown on. */
function attempt(db: DatabaseSync, statements: Statements, job: Request['job']): Outcome {
  statements.prepareRun('SAVEPOINT list').run();
  let outcome: Outcome;
  let keep: boolean;
  try {
    const value = job.kind === 'commit' ? apply(statements, job.list) : runAll(statements, job);
    outcome = { value };
    keep = Array.isArray(value) || value.ok;
  } catch (error) {
    if (!db.isTransaction) {
      throw error;
    }
    outcome = { fault: faultOf(error) };
    keep = false;
  }
  if (!keep) {
    statements.prepareRun('ROLLBACK TO list').run();
  }
  statements.prepareRun('RELEASE list').run();
  return outcome;
}

function runAll(statements: Statements, job: Request['job']): unknown[] | Applied {
  const list: readonly Compiled[] = job.kind === 'run' ? job.statements : [];
  return list.map(({ sql, parameters }) => statements.prepare(sql).all(...bindable(parameters))).at(-1) ?? [];
}

if (!isMainThread && parentPort) {
  serve(parentPort, workerData.file);
}
