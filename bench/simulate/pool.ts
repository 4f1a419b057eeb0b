import { Worker } from 'node:worker_threads';

/** Does all tasks on so many threads of a script, the first ones first; tells of each as it is done. */
export async function performAll<Task, Done>(
  script: URL,
  tasks: readonly Task[],
  { threads, told }: { threads: number; told: (done: Done) => void },
): Promise<Done[]> {
  const left = [...tasks];
  const all: Done[] = [];
  const work = async () => {
    const worker = new Worker(script);
    try {
      for (let task = left.shift(); task; task = left.shift()) {
        const done = await answerOf<Done>(worker, task);
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

function answerOf<Done>(worker: Worker, task: unknown): Promise<Done> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (done: Done) => {
      worker.off('error', reject);
      resolve(done);
    });
    worker.postMessage(task);
  });
}
