import type { Capabilities } from '../capabilities.ts';
import { type RawBuilder, sql } from '../sql.ts';
import { allOf, among, anyOf, type Condition, never } from './boolean.ts';
import { isNear } from './near.ts';
import { inRange } from './range.ts';
import type { Filter, IndexTable, QuantityValue, StringValue, TokenValue, UriValue } from './types.ts';

/** A filter that rows of one index table answer. */
export type RowFilter = Extract<
  Filter,
  { kind: 'token' | 'reference' | 'string' | 'date' | 'number' | 'quantity' | 'uri' | 'near' }
>;

const tableOf: Record<RowFilter['kind'], IndexTable> = {
  token: 'tok',
  reference: 'ref',
  string: 'str',
  date: 'dt',
  number: 'num',
  quantity: 'qty',
  uri: 'uri',
  near: 'pos',
};

/** The table that answers a filter, and what makes one of its rows (`alias`) match. */
export interface RowMatch {
  table: IndexTable;
  condition: Condition;
}

/** All rows that match. For an `:exact` string these are also rows that differ in case and accents. */
export function anyRow(dialect: Capabilities, filter: RowFilter, alias: string): RowMatch {
  const plain: Column = name => sql.ref(`${alias}.${name}`);
  return rowMatch(dialect, filter, { exact: plain, range: plain });
}

/**
 * Rows that match among those of one resource, the condition on `rid` being the caller's. The few rows of a
 * resource are found by `rid`: ranges are kept from the indexes, or PostgreSQL would read the range instead.
 *
 * @param seq the resource's current version
 */
export function rowOfResource(
  dialect: Capabilities,
  filter: RowFilter,
  alias: string,
  seq: RawBuilder<unknown>,
): RowMatch {
  const exact: Column = name => sql.ref(`${alias}.${name}`);
  const range: Column = name => (texts.has(name) ? sql`(${exact(name)} || '')` : sql`(${exact(name)} + 0)`);
  return rowMatch(dialect, filter, { exact, range, seq });
}

const texts = new Set(['norm', 'uri']);

/** A column of the row by its name. */
export type Column = (name: string) => RawBuilder<unknown>;

/** The columns as they are compared with one value and with a range. */
export interface Columns {
  exact: Column;
  range: Column;
  seq?: RawBuilder<unknown>;
}

function rowMatch(dialect: Capabilities, filter: RowFilter, columns: Columns): RowMatch {
  const ofParam = sql<boolean>`${columns.exact('param')} = ${filter.param}`;
  return { table: tableOf[filter.kind], condition: allOf([ofParam, valueMatch(dialect, filter, columns)]) };
}

function valueMatch(dialect: Capabilities, filter: RowFilter, columns: Columns): Condition {
  const { exact, range } = columns;
  switch (filter.kind) {
    case 'token':
      return tokens(dialect, filter.any, exact);
    case 'reference':
      return filter.any.length > 0 ? among(dialect, exact('target'), filter.any) : never;
    case 'string':
      return anyOf(filter.any.map(value => text(value, columns)));
    case 'date':
      return anyOf(filter.any.map(value => inRange(range('lo'), range('hi'), value)));
    case 'number':
      return anyOf(filter.any.map(value => inRange(range('val'), range('val'), value)));
    case 'quantity':
      return anyOf(filter.any.map(value => quantity(value, columns)));
    case 'uri':
      return anyOf(filter.any.map(value => uri(dialect, value, columns)));
    case 'near':
      return anyOf(filter.any.map(value => isNear(range('lat'), range('lon'), value)));
  }
}

/** Values of one system are one list of codes, so that many values are still few conditions. */
export function tokens(dialect: Capabilities, values: readonly TokenValue[], column: Column): Condition {
  const bySystem = Map.groupBy(values, value => value.sys);
  return anyOf(
    [...bySystem].map(([sys, ofSystem]) => {
      const codes = ofSystem.flatMap(({ code }) => (code === null ? [] : [code]));
      const anyCode = codes.length < ofSystem.length;
      return allOf([
        ...(anyCode ? [] : [among(dialect, column('code'), codes)]),
        ...(sys === null ? [] : [sql<boolean>`${column('sys')} = ${sys}`]),
      ]);
    }),
  );
}

function text({ norm, match, text }: StringValue, { exact, range, seq }: Columns): Condition {
  const column = exact('norm');
  if (match === 'exact') {
    const same = sql<boolean>`${column} = ${norm}`;
    return seq && text !== undefined ? allOf([same, written(seq, text)]) : same;
  }
  if (match === 'prefix') return startsWith(range('norm'), norm);
  return sql`${column} LIKE ${`%${norm.replace(/[\\%_]/g, '\\$&')}%`} ESCAPE '\\'`;
}

/**
 * `:exact` minds case and accents, which the index has lost: the resource must have the string as JSON writes
 * it. (`replace` is the one case-sensitive search in a text that both databases have.)
 */
function written(seq: RawBuilder<unknown>, text: string): Condition {
  const json = JSON.stringify(text);
  return sql`EXISTS (SELECT 1 FROM version b WHERE b.seq = ${seq} AND replace(b.body, ${json}, '') <> b.body)`;
}

/** As a range, which an index serves: both databases compare code points. */
export function startsWith(column: RawBuilder<unknown>, prefix: string): Condition {
  return sql`(${column} >= ${prefix} AND ${column} < ${`${prefix}\u{10ffff}`})`;
}

export function quantity(value: QuantityValue, { exact, range }: Columns): Condition {
  return allOf([
    ...(value.code === null ? [] : [sql<boolean>`${exact('code')} = ${value.code}`]),
    ...(value.sys === null ? [] : [sql<boolean>`${exact('sys')} = ${value.sys}`]),
    inRange(range('val'), range('val'), value),
  ]);
}

function uri(dialect: Capabilities, { uri, match }: UriValue, { exact, range }: Columns): Condition {
  const same = sql<boolean>`${exact('uri')} = ${uri}`;
  if (match === 'exact') return same;
  if (match === 'above') return among(dialect, exact('uri'), ancestors(uri));
  return anyOf([same, startsWith(range('uri'), uri.endsWith('/') ? uri : `${uri}/`)]);
}

/** The uri and every part of it that ends before or with one of its slashes. */
function ancestors(uri: string): string[] {
  const slashes = [...uri.matchAll(/\//g)].map(match => match.index);
  const parts = slashes.flatMap(at => [uri.slice(0, at), uri.slice(0, at + 1)]);
  return [...new Set([uri, ...parts])].filter(part => part !== '');
}
