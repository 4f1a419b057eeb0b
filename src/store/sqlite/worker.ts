import { Worker } from 'node:worker_threads';
import { HubError } from '../../errors.ts';
import { translate } from './errors.ts';
import type { Answer, Fault } from './protocol.ts';

interface Waiting {
  resolve(value: never): void;
  reject(error: unknown): void;
}

/**
 * The main thread's side of a thread that owns a connection: asks, and gives each answer to the one who asked.
 * The thread starts with the first request.
 */
export class DatabaseWorker<Job extends { kind: string }> {
  readonly #script: URL;
  readonly #data: object;
  readonly #answering: (() => void) | undefined;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #closed = false;
  #last = 0;

  /**
   * @param data what the script finds in `workerData`
   * @param answering is called before answers are given to those who asked
   */
  constructor(script: URL, data: object, answering?: () => void) {
    this.#script = script;
    this.#data = data;
    this.#answering = answering;
  }

  ask<Value>(job: Job): Promise<Value> {
    if (this.#closed) {
      return Promise.reject(new HubError('unavailable', 'The database is closed.'));
    }
    this.#worker ??= this.#start();
    this.#last += 1;
    const id = this.#last;
    const answer = new Promise<Value>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#worker.postMessage({ id, job });
    return answer;
  }

  /** Answers what was asked before, then ends the thread. */
  async close(): Promise<void> {
    this.#closed = true;
    const worker = this.#worker;
    if (worker) {
      const ended = new Promise(resolve => worker.once('exit', resolve));
      worker.postMessage({ id: 0, job: { kind: 'close' } });
      await ended;
    }
  }

  #start(): Worker {
    const worker = new Worker(this.#script, { workerData: this.#data });
    worker.on('message', (answers: Answer[]) => this.#deliver(answers));
    worker.on('error', error => this.#lose(worker, translate(error)));
    worker.on('exit', () =>
      this.#lose(worker, new HubError('unavailable', 'The database writer has stopped.')),
    );
    return worker;
  }

  #deliver(answers: readonly Answer[]): void {
    this.#answering?.();
    for (const answer of answers) {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if ('fault' in answer) {
        waiting?.reject(translate(errorOf(answer.fault)));
      } else {
        waiting?.resolve(answer.value as never);
      }
    }
  }

  /** The thread is gone: whoever waits is told, and the next request starts another. */
  #lose(worker: Worker, error: unknown): void {
    if (this.#worker !== worker) {
      return;
    }
    this.#worker = undefined;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) {
      reject(error);
    }
  }
}

function errorOf({ message, stack, errcode }: Fault): Error {
  const error = Object.assign(new Error(message), { errcode });
  error.stack = stack;
  return error;
}
