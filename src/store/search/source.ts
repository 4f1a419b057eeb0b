import { type RawBuilder, sql } from '../sql.ts';
import { type Condition, never, type Query } from './boolean.ts';
import type { Candidates } from './candidates.ts';
import type { Filter } from './types.ts';

/** What a query reads first, as `d`, with a `rid`; the resource `r` and everything else is probed from there. */
export interface Source {
  from: Query;
  where: Condition;
  /** What must hold for a row of `d` once its resource is joined. */
  also: readonly Condition[];
  /** The value of the first sort key, when `d` is read in its order. */
  first?: RawBuilder<unknown>;
  /** The filter that the source answers already. */
  answers?: Filter;
}

/** All candidates of a set, in no order. */
export function wholeSet(set: Candidates, filter: Filter | undefined): Source {
  return {
    from: sql`(${set.rids}) d`,
    where: sql`1 = 1`,
    also: [],
    ...(set.exact && filter && { answers: filter }),
  };
}

export const emptySource: Source = { from: sql`resource d`, where: never, also: [] };
