import { sqlite } from '../capabilities.ts';
import { compile, type Writer } from '../database.ts';
import type { RawBuilder } from '../sql.ts';
import type { CommitList, CommitResult } from '../types.ts';
import type { Job } from './protocol.ts';
import { DatabaseWorker } from './worker.ts';

/** The writer's thread as the store uses it. */
export class SqliteWriter implements Writer {
  readonly #thread: DatabaseWorker<Job>;

  /** `answering` is called before anyone learns of a commit. */
  constructor(file: string, answering?: () => void) {
    this.#thread = new DatabaseWorker(new URL('./writer-thread.ts', import.meta.url), { file }, answering);
  }

  async commit(list: CommitList): Promise<CommitResult> {
    return this.#thread.ask<CommitResult>({ kind: 'commit', list });
  }

  async run<Row>(...statements: RawBuilder<unknown>[]): Promise<Row[]> {
    return this.#thread.ask<Row[]>({ kind: 'run', statements: statements.map(one => compile(sqlite, one)) });
  }

  /** Answers what was asked before, then ends the thread. */
  close(): Promise<void> {
    return this.#thread.close();
  }
}
