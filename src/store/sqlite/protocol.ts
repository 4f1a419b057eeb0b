import type { Compiled } from '../database.ts';
import type { CommitList } from '../types.ts';
import type { Applied } from './apply.ts';

/** What the writer's thread is asked to do. */
export type Job =
  | { kind: 'commit'; list: CommitList }
  /** One savepoint; the answer is the rows of the last statement. */
  | { kind: 'run'; statements: readonly Compiled[] }
  | { kind: 'close' };

export interface Request {
  id: number;
  job: Job;
}

/** An error as it crosses to the main thread, which would keep only its message otherwise. */
export interface Fault {
  message: string;
  stack?: string;
  errcode?: number;
}

export type Outcome = { value: Applied | unknown[] } | { fault: Fault };

export type Answer = { id: number } & Outcome;
