import { sqlite } from '../capabilities.ts';
import { compile, type Writer } from '../database.ts';
import type { RawBuilder } from '../sql.ts';
import type { CommitList, CommitResult } from '../types.ts';
import { Checkpoints } from './checkpoints.ts';
import type { Job } from './protocol.ts';
import { DatabaseWorker } from './worker.ts';

/** The writer's thread as the store uses it. */
export class SqliteWriter implements Writer {
  readonly #thread: DatabaseWorker<Job>;
  readonly #checkpoints: Checkpoints;

  /** `answering` is called before anyone learns of a commit. */
  constructor(file: string, answering?: () => void) {
    this.#thread = new DatabaseWorker(new URL('./writer-thread.ts', import.meta.url), { file }, answering);
    this.#checkpoints = new Checkpoints(file);
  }

  async commit(list: CommitList): Promise<CommitResult> {
    const result = await this.#thread.ask<CommitResult>({ kind: 'commit', list });
    this.#checkpoints.committed(list.writes.length);
    return result;
  }

  async run<Row>(...statements: RawBuilder<unknown>[]): Promise<Row[]> {
    return this.#thread.ask<Row[]>({ kind: 'run', statements: statements.map(one => compile(sqlite, one)) });
  }

  /** Answers what was asked before, then ends the threads: the writer's last, which empties the log. */
  async close(): Promise<void> {
    await this.#checkpoints.close();
    await this.#thread.close();
  }
}
