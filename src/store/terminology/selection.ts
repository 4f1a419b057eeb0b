import type { Capabilities } from '../capabilities.ts';
import type { Reader } from '../database.ts';
import { allOf, always, anyOf, type Condition } from '../search/boolean.ts';
import { type RawBuilder, sql } from '../sql.ts';
import type { Selection } from './types.ts';

/** Where a code is, and the places of what it subsumes, itself among them. */
export interface Span {
  pos: number;
  ranges: readonly (readonly [lo: number, hi: number])[];
}

/** The spans of the codes that a selection goes down from; a code that is not there has none. */
export type Spans = ReadonlyMap<string, Span>;

/** More ranges than these are looked up for each place instead. */
const mostRanges = 8;

/** Asked first, so that what is below a code is a comparison of numbers. */
export async function spansOf(reader: Reader, num: number, selection: Selection): Promise<Spans> {
  const spans = new Map<string, Span>();
  for (const code of new Set(codesAbove(selection))) {
    const rows = await reader.all<{ pos: number; lo: number; hi: number }>(sql`
      SELECT g.pos, g.lo, g.hi FROM term_code x CROSS JOIN term_range g
      WHERE x.num = ${num} AND x.code = ${code} AND g.num = ${num} AND g.pos = x.pos
      ORDER BY g.lo LIMIT ${mostRanges + 1}`);
    const [first] = rows;
    if (first) spans.set(code, { pos: first.pos, ranges: rows.map(({ lo, hi }) => [lo, hi]) });
  }
  return spans;
}

function codesAbove(selection: Selection): string[] {
  switch (selection.kind) {
    case 'below':
      return [selection.code];
    case 'and':
    case 'or':
      return selection.of.flatMap(codesAbove);
    case 'not':
      return codesAbove(selection.of);
    default:
      return [];
  }
}

/** Whether a condition on the places alone can decide it. */
export function needsOnlyPlace(selection: Selection): boolean {
  switch (selection.kind) {
    case 'codes':
      return false;
    case 'and':
    case 'or':
      return selection.of.every(needsOnlyPlace);
    case 'not':
      return needsOnlyPlace(selection.of);
    default:
      return true;
  }
}

/** What SQL needs to know of a selection's surroundings. */
export interface Place {
  dialect: Capabilities;
  num: number;
  spans: Spans;
  /** The column with the place of a concept. */
  pos: RawBuilder<unknown>;
}

/** What a selection says of a concept of an imported system, as SQL; codes are in `c.code`. */
export function selected(place: Place, selection: Selection): Condition {
  const { dialect, num, spans, pos } = place;
  const again = (one: Selection) => selected(place, one);
  switch (selection.kind) {
    case 'all':
      return always;
    case 'codes':
      return dialect.oneOf(sql.ref('c.code'), selection.codes);
    case 'below': {
      const span = spans.get(selection.code);
      if (!span) return anyOf([]);
      const below = isBelow(place, span);
      return selection.self ? below : allOf([below, sql<boolean>`${pos} <> ${span.pos}`]);
    }
    case 'above':
      return sql<boolean>`EXISTS (SELECT 1 FROM term_range g JOIN term_code x ON x.num = ${num} AND x.code = ${selection.code}
        WHERE g.num = ${num} AND g.pos = ${pos} AND x.pos BETWEEN g.lo AND g.hi)`;
    case 'property':
      return sql<boolean>`EXISTS (SELECT 1 FROM term_property p WHERE p.num = ${num} AND p.name = ${selection.name}
        AND ${dialect.oneOf(sql.ref('p.value'), selection.values)} AND p.pos = ${pos})`;
    case 'exists':
      return sql<boolean>`${pos} IN (SELECT p.pos FROM term_property p WHERE p.num = ${num} AND p.name = ${selection.name})`;
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

/** Ranges do not overlap: the last that begins at or before a place is the only one that could hold it. */
function isBelow({ num, pos }: Place, { pos: top, ranges }: Span): Condition {
  if (ranges.length <= mostRanges)
    return anyOf(ranges.map(([lo, hi]) => sql<boolean>`${pos} BETWEEN ${lo} AND ${hi}`));
  return sql<boolean>`((SELECT g.hi FROM term_range g WHERE g.num = ${num} AND g.pos = ${top} AND g.lo <= ${pos}
    ORDER BY g.lo DESC LIMIT 1) >= ${pos})`;
}
