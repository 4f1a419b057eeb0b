import type { DatabaseSync } from 'node:sqlite';
import {
  isMainThread,
  type MessagePort,
  parentPort,
  receiveMessageOnPort,
  workerData,
} from 'node:worker_threads';
import type { Compiled } from '../database.ts';
import { type Applied, apply } from './apply.ts';
import { bindable, connect, Statements } from './connection.ts';
import { type Answer, faultOf, type Outcome, type Request } from './protocol.ts';

/** Lists that share one transaction, and so one fsync. */
const largestGroup = 100;

/**
 * The one writer of this process, in a thread of its own so that fsync does not hold up reads: all requests
 * that are waiting are applied under one BEGIN IMMEDIATE, each in a savepoint, and answered after the COMMIT.
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

function applyGroup(db: DatabaseSync, statements: Statements, group: readonly Request[]): Answer[] {
  try {
    db.exec('BEGIN IMMEDIATE');
    const answers = group.map(request => ({ id: request.id, ...attempt(db, statements, request) }));
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

/** One request in its savepoint. An error that ended the whole transaction is thrown on. */
function attempt(db: DatabaseSync, statements: Statements, { job }: Request): Outcome {
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
