import type { Compiled } from '../database.ts';
import type { CommitList } from '../types.ts';

/** What the writer's thread is asked to do. */
export type Job =
  | { kind: 'commit'; list: CommitList }
  /** One savepoint; the answer is the rows of the last statement. */
  | { kind: 'run'; statements: readonly Compiled[] }
  | { kind: 'close' };

export interface Request<Asked = Job> {
  id: number;
  job: Asked;
}

/** An error as it crosses to the main thread, which would keep only its message otherwise. */
export interface Fault {
  message: string;
  stack?: string;
  errcode?: number;
}

export type Outcome = { value: unknown } | { fault: Fault };

export type Answer = { id: number } & Outcome;

export function faultOf(error: unknown): Fault {
  if (!(error instanceof Error)) {
    return { message: String(error) };
  }
  const errcode = 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : undefined;
  return { message: error.message, stack: error.stack, errcode };
}
