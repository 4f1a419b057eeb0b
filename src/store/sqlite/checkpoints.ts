import type { CheckpointJob } from './checkpoint-thread.ts';
import { DatabaseWorker } from './worker.ts';

/** Versions after which the log is copied: some 8,000 pages, a quarter of what the writer would copy at once. */
const often = 2000;

/** Has the log copied into the file while it is still short. */
export class Checkpoints {
  readonly #thread: DatabaseWorker<CheckpointJob>;
  #waiting = 0;
  #running: Promise<unknown> | undefined;

  constructor(file: string) {
    this.#thread = new DatabaseWorker(new URL('./checkpoint-thread.ts', import.meta.url), { file });
  }

  /** So many versions have been committed. */
  committed(versions: number): void {
    this.#waiting += versions;
    if (this.#waiting < often || this.#running) return;
    this.#waiting = 0;
    // What could not be copied stays in the log, where it is safe, until the next time or the writer's own limit.
    this.#running = this.#thread
      .ask({ kind: 'checkpoint' })
      .catch(() => undefined)
      .finally(() => {
        this.#running = undefined;
      });
  }

  /** Ends the thread, when it is done with what it does. */
  close(): Promise<void> {
    return this.#thread.close();
  }
}
