import { parentPort } from 'node:worker_threads';
import { perform, type Task } from './task.ts';

/** Does one task after another for pool.ts. */
parentPort?.on('message', (task: Task) => parentPort?.postMessage(perform(task)));
