import { HubError, type Problem } from '../../errors.ts';

/** Does a part of a write that is about one operation: what is refused says which one it was. */
export async function atOperation<T>(index: number | undefined, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (index === undefined || !(error instanceof HubError)) throw error;
    throw new HubError(
      error.kind,
      error.problems.map(problem => named(problem, index)),
    );
  }
}

/** The problem with the operation it is about; a rule's consequence has none. */
export const named = (problem: Problem, index: number | undefined): Problem =>
  index === undefined || problem.operation !== undefined ? problem : { ...problem, operation: index };
