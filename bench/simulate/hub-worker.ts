import { parentPort } from 'node:worker_threads';
import { type HubTask, performHub } from './hub-run.ts';

/** Does one run through a whole hub after another for pool.ts. */
parentPort?.on('message', async (task: HubTask) => parentPort?.postMessage(await performHub(task)));
