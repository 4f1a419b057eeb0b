import type { Capabilities } from '../capabilities.ts';
import { allOf, always, anyOf, type Condition } from '../search/boolean.ts';
import { type RawBuilder, sql } from '../sql.ts';
import type { Selection } from './types.ts';

/** What a selection says of a concept (`c` in `term_code`) of an imported system, as SQL. */
export function selected(dialect: Capabilities, num: number, selection: Selection): Condition {
  const again = (one: Selection) => selected(dialect, num, one);
  switch (selection.kind) {
    case 'all':
      return always;
    case 'codes':
      return dialect.oneOf(sql.ref('c.code'), selection.codes);
    case 'below': {
      const below = sql<boolean>`(${endOfRange(num, positionOf(num, selection.code))} >= c.pos)`;
      return selection.self ? below : allOf([below, sql<boolean>`c.code <> ${selection.code}`]);
    }
    case 'above':
      return sql<boolean>`EXISTS (SELECT 1 FROM term_range g JOIN term_code x ON x.num = ${num} AND x.code = ${selection.code}
        WHERE g.num = ${num} AND g.pos = c.pos AND x.pos BETWEEN g.lo AND g.hi)`;
    case 'property':
      return sql<boolean>`EXISTS (SELECT 1 FROM term_property p WHERE p.num = ${num} AND p.name = ${selection.name}
        AND ${dialect.oneOf(sql.ref('p.value'), selection.values)} AND p.pos = c.pos)`;
    case 'exists':
      return sql<boolean>`c.pos IN (SELECT p.pos FROM term_property p WHERE p.num = ${num} AND p.name = ${selection.name})`;
    case 'and':
      return allOf(selection.of.map(again));
    case 'or':
      return anyOf(selection.of.map(again));
    case 'not':
      return sql<boolean>`NOT (${again(selection.of)})`;
    case 'matches':
    case 'unknown':
      throw new TypeError(`The database cannot decide a selection by ${selection.kind}`);
  }
}

export const positionOf = (num: number, code: string): RawBuilder<number> =>
  sql`(SELECT x.pos FROM term_code x WHERE x.num = ${num} AND x.code = ${code})`;

/** Ranges do not overlap: the last that begins at or before a place is the only one that could hold it. */
const endOfRange = (num: number, pos: RawBuilder<number>): RawBuilder<number> =>
  sql`(SELECT g.hi FROM term_range g WHERE g.num = ${num} AND g.pos = ${pos} AND g.lo <= c.pos
    ORDER BY g.lo DESC LIMIT 1)`;
