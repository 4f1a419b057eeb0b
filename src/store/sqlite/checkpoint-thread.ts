import { isMainThread, type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { connect } from './connection.ts';
import { type Answer, faultOf, type Request } from './protocol.ts';

/** What the thread is asked to do. */
export type CheckpointJob = { kind: 'checkpoint' } | { kind: 'close' };

/**
 * Brings what was committed from the log into the file, in a thread of its own. A passive checkpoint holds up neither
 * who reads nor who writes (https://www.sqlite.org/c3ref/wal_checkpoint_v2.html); left to the writer, all who wait for
 * a commit wait for the whole log to be copied: measured at half a second, every thousand transactions.
 */
function serve(port: MessagePort, file: string): void {
  const db = connect(file);
  const checkpoint = db.prepare('PRAGMA wal_checkpoint(PASSIVE)');
  port.on('message', ({ id, job }: Request<CheckpointJob>) => {
    if (job.kind === 'close') {
      db.close();
      port.close();
      return;
    }
    port.postMessage([answer(id, () => checkpoint.get())]);
  });
}

function answer(id: number, work: () => unknown): Answer {
  try {
    return { id, value: work() };
  } catch (error) {
    return { id, fault: faultOf(error) };
  }
}

if (!isMainThread && parentPort) {
  serve(parentPort, workerData.file);
}
