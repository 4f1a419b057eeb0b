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
} as const satisfies Record<IndexTable, readonly string[]>;

export const indexTables = Object.keys(indexColumns) as readonly IndexTable[];

/** A PostgreSQL index row must stay under 2,704 bytes; two texts of this length always do. */
const longest = 400;

/** Text of a `str` row, or searched for in one: what is longer is told apart by its beginning only. */
export function indexedText(text: string): string {
  return text.length <= longest ? text : text.slice(0, longest);
}

/** A code, system or URI of an index row, or searched for in one: a longer one ends in its hash. */
export function indexedCode(code: string): string {
  if (code.length <= longest) {
    return code;
  }
  return `${code.slice(0, longest - 44)}#${createHash('sha256').update(code).digest('base64url')}`;
}

/** The rows as the tables can hold them: the same rows unless a text is too long. */
export function storable(rows: IndexRows): IndexRows {
  const long = (text: string) => text.length > longest;
  if (
    !rows.tok.some(([, code, sys]) => long(code) || long(sys)) &&
    !rows.str.some(([, norm]) => long(norm)) &&
    !rows.qty.some(([, code, , sys]) => long(code) || long(sys)) &&
    !rows.uri.some(([, uri]) => long(uri))
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
  };
}
