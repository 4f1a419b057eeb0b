import { createHash } from 'node:crypto';
import type { IndexTable } from './search/types.ts';
import type { IndexRows } from './types.ts';

/** The columns of each index table in the order of an IndexRows tuple; `rid` comes after them. */
export const indexColumns = {
  tok: ['param', 'code', 'sys'],
  ref: ['param', 'target'],
  str: ['param', 'norm'],
  dt: ['param', 'lo', 'hi'],
  num: ['param', 'val'],
  qty: ['param', 'code', 'val', 'sys'],
  uri: ['param', 'uri'],
  pos: ['param', 'lat', 'lon'],
  tuple: ['param', 'part', 'grp', 'code', 'sys', 'lo', 'hi'],
} as const satisfies Record<IndexTable, readonly string[]>;

export const indexTables = Object.keys(indexColumns) as readonly IndexTable[];

/** A PostgreSQL index row must stay under 2,704 bytes; two texts of this length always do. */
const longest = 400;

/** Text of a `str` row, or searched for in one: what is longer is told apart by its beginning only. */
export function indexedText(text: string): string {
  return fits(text) ? text : withoutNul(text).slice(0, longest);
}

/** A code, system or URI of an index row, or searched for in one: a longer one ends in its hash. */
export function indexedCode(code: string): string {
  if (fits(code)) {
    return code;
  }
  const text = withoutNul(code);
  return text.length <= longest
    ? text
    : `${text.slice(0, longest - 44)}#${createHash('sha256').update(text).digest('base64url')}`;
}

function fits(text: string): boolean {
  return text.length <= longest && !text.includes('\0');
}

/** PostgreSQL has no U+0000 in its texts, and FHIR allows none. */
function withoutNul(text: string): string {
  return text.replaceAll('\0', '');
}

/** The rows as the tables can hold them: the same rows unless a text is too long. */
export function storable(rows: IndexRows): IndexRows {
  if (
    rows.tok.every(([, code, sys]) => fits(code) && fits(sys)) &&
    rows.str.every(([, norm]) => fits(norm)) &&
    rows.qty.every(([, code, , sys]) => fits(code) && fits(sys)) &&
    rows.uri.every(([, uri]) => fits(uri)) &&
    rows.tuple.every(([, , , code, sys]) => fits(code) && fits(sys))
  ) {
    return rows;
  }
  return {
    ...rows,
    tok: rows.tok.map(([param, code, sys]) => [param, indexedCode(code), indexedCode(sys)] as const),
    str: rows.str.map(([param, norm]) => [param, indexedText(norm)] as const),
    qty: rows.qty.map(
      ([param, code, val, sys]) => [param, indexedCode(code), val, indexedCode(sys)] as const,
    ),
    uri: rows.uri.map(([param, uri]) => [param, indexedCode(uri)] as const),
    tuple: rows.tuple.map(
      ([param, part, grp, code, sys, lo, hi]) =>
        [param, part, grp, indexedCode(code), indexedCode(sys), lo, hi] as const,
    ),
  };
}
