import { Worker } from 'node:worker_threads';
import type { Done, Task } from './task.ts';

/** Does all tasks on so many threads, the first ones first; tells of each as it is done. */
export async function performAll(
  tasks: readonly Task[],
  threads: number,
  told: (done: Done) => void,
): Promise<Done[]> {
  const left = [...tasks];
  const all: Done[] = [];
  const work = async () => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url));
    try {
      for (let task = left.shift(); task; task = left.shift()) {
        const done = await answerOf(worker, task);
        all.push(done);
        told(done);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(threads, tasks.length) }, work));
  return all;
}

function answerOf(worker: Worker, task: Task): Promise<Done> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (done: Done) => {
      worker.off('error', reject);
      resolve(done);
    });
    worker.postMessage(task);
  });
}
