import { type RawBuilder, sql } from '../sql.ts';
import type { Condition } from './boolean.ts';
import type { RangeValue } from './types.ts';

type Column = RawBuilder<unknown>;

/**
 * What each prefix says about a row that covers `lo` to `hi` (for a number both are the same), as
 * https://hl7.org/fhir/R4/search.html#prefix words it. `ge` and `le` first say what an index can serve.
 */
export function inRange(lo: Column, hi: Column, value: RangeValue): Condition {
  const within = sql<boolean>`(${lo} >= ${value.lo} AND ${hi} <= ${value.hi})`;
  switch (value.prefix) {
    case 'eq':
      return sql`(${lo} >= ${value.lo} AND ${lo} <= ${value.hi} AND ${hi} <= ${value.hi})`;
    case 'ne':
      return sql`NOT ${within}`;
    case 'gt':
      return sql`${hi} > ${value.hi}`;
    case 'lt':
      return sql`${lo} < ${value.lo}`;
    case 'ge':
      return sql`(${hi} >= ${value.lo} AND (${hi} > ${value.hi} OR ${within}))`;
    case 'le':
      return sql`(${lo} <= ${value.hi} AND (${lo} < ${value.lo} OR ${within}))`;
    case 'sa':
      return sql`${lo} > ${value.hi}`;
    case 'eb':
      return sql`${hi} < ${value.lo}`;
    case 'ap':
      return sql`(${lo} <= ${value.hi} AND ${hi} >= ${value.lo})`;
  }
}
