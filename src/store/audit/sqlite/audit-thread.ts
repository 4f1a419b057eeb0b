import { isMainThread, type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { type Answer, faultOf, type Outcome, type Request } from '../../sqlite/protocol.ts';
import { createAppender } from './append.ts';
import type { AuditFiles, AuditJob } from './protocol.ts';
import { createSqliteSealer } from './seal.ts';

/** Milliseconds to wait for another process. */
const patience = 20_000;

/** What waits for the disk, in a thread of its own: sealing, and appending that must survive a power cut. */
function serve(port: MessagePort, files: AuditFiles): void {
  const appender = createAppender(files.events, 'power', patience);
  const sealer = createSqliteSealer(files);
  const run = (job: Exclude<AuditJob, { kind: 'close' }>) =>
    job.kind === 'append' ? appender.append(job.batches) : sealer.seal(job.limit);
  port.on('message', ({ id, job }: Request<AuditJob>) => {
    if (job.kind === 'close') {
      appender.close();
      sealer.close();
      port.close();
      return;
    }
    const answer: Answer = { id, ...attempt(() => run(job)) };
    port.postMessage([answer]);
  });
}

function attempt(work: () => unknown): Outcome {
  try {
    return { value: work() };
  } catch (error) {
    return { fault: faultOf(error) };
  }
}

if (!isMainThread && parentPort) {
  serve(parentPort, workerData);
}
