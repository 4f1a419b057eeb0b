import { Worker } from 'node:worker_threads';
import type { RunKey, Runs } from './runs.ts';

/** How a task is done. */
export interface Perform<Task, Done> {
  /** The script of the threads: it answers each message, a task, with one that says what came of it. */
  script: URL;
  threads: number;
  told: (done: Done) => void;
  /** Where runs are kept, under the key of their task; absent: nowhere. */
  runs?: Runs | undefined;
  keyOf: (task: Task) => RunKey;
}

/** What a simulation makes is mostly thrown away at once: with more room it is looked through less often. */
const youngMb = 256;

/** What came of all tasks: those that were done before, and the others, the first ones first. */
export async function performAll<Task, Done extends object>(
  tasks: readonly Task[],
  { script, threads, told, runs, keyOf }: Perform<Task, Done>,
): Promise<Done[]> {
  const all = tasks.map(task => runs?.get<Done>(keyOf(task)));
  const left = tasks.flatMap((task, at) => (all[at] ? [] : [{ task, at }]));
  const work = async () => {
    const worker = new Worker(script, { resourceLimits: { maxYoungGenerationSizeMb: youngMb } });
    try {
      for (let next = left.shift(); next; next = left.shift()) {
        const done = await answerOf<Done>(worker, next.task);
        all[next.at] = done;
        await runs?.keep(keyOf(next.task), done);
        told(done);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(threads, left.length) }, work));
  return all.filter(done => done !== undefined);
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
