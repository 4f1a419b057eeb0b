import { type RawBuilder, sql } from 'kysely';
import type { Capabilities } from '../capabilities.ts';
import { allOf, among, anyOf, type Condition, never } from './boolean.ts';
import { inRange } from './range.ts';
import type { Filter, IndexTable, QuantityValue, StringValue, TokenValue, UriValue } from './types.ts';

/** A filter that rows of one index table answer. */
export type RowFilter = Extract<
  Filter,
  { kind: 'token' | 'reference' | 'string' | 'date' | 'number' | 'quantity' | 'uri' }
>;

const tableOf: Record<RowFilter['kind'], IndexTable> = {
  token: 'tok',
  reference: 'ref',
  string: 'str',
  date: 'dt',
  number: 'num',
  quantity: 'qty',
  uri: 'uri',
};

/**
 * The table and what makes one of its rows (alias `alias`) match, its parameter included. `seq`, the version
 * of the row's resource, is for `:exact` strings: without it more rows match than should.
 */
export function rowMatch(
  dialect: Capabilities,
  filter: RowFilter,
  alias: string,
  seq?: RawBuilder<unknown>,
): { table: IndexTable; condition: Condition } {
  const column = (name: string) => sql.ref(`${alias}.${name}`);
  const ofParam = sql<boolean>`${column('param')} = ${filter.param}`;
  return {
    table: tableOf[filter.kind],
    condition: allOf([ofParam, valueMatch(dialect, filter, column, seq)]),
  };
}

type Column = (name: string) => RawBuilder<unknown>;

function valueMatch(
  dialect: Capabilities,
  filter: RowFilter,
  column: Column,
  seq?: RawBuilder<unknown>,
): Condition {
  switch (filter.kind) {
    case 'token':
      return tokens(dialect, filter.any, column);
    case 'reference':
      return filter.any.length > 0 ? among(dialect, column('target'), filter.any) : never;
    case 'string':
      return anyOf(filter.any.map(value => text(value, column('norm'), seq)));
    case 'date':
      return anyOf(filter.any.map(value => inRange(column('lo'), column('hi'), value)));
    case 'number':
      return anyOf(filter.any.map(value => inRange(column('val'), column('val'), value)));
    case 'quantity':
      return anyOf(filter.any.map(value => quantity(value, column)));
    case 'uri':
      return anyOf(filter.any.map(value => uri(dialect, value, column('uri'))));
  }
}

/** Values of one system are one list of codes, so that many values are still few conditions. */
function tokens(dialect: Capabilities, values: readonly TokenValue[], column: Column): Condition {
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

function text(
  { norm, match, text }: StringValue,
  column: RawBuilder<unknown>,
  seq: RawBuilder<unknown> | undefined,
): Condition {
  if (match === 'exact') {
    const same = sql<boolean>`${column} = ${norm}`;
    return seq && text !== undefined ? allOf([same, written(seq, text)]) : same;
  }
  if (match === 'prefix') return startsWith(column, norm);
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
function startsWith(column: RawBuilder<unknown>, prefix: string): Condition {
  return sql`(${column} >= ${prefix} AND ${column} < ${`${prefix}\u{10ffff}`})`;
}

function quantity(value: QuantityValue, column: Column): Condition {
  return allOf([
    ...(value.code === null ? [] : [sql<boolean>`${column('code')} = ${value.code}`]),
    ...(value.sys === null ? [] : [sql<boolean>`${column('sys')} = ${value.sys}`]),
    inRange(column('val'), column('val'), value),
  ]);
}

function uri(dialect: Capabilities, value: UriValue, column: RawBuilder<unknown>): Condition {
  switch (value.match) {
    case 'exact':
      return sql`${column} = ${value.uri}`;
    case 'below':
      return anyOf([
        sql`${column} = ${value.uri}`,
        startsWith(column, value.uri.endsWith('/') ? value.uri : `${value.uri}/`),
      ]);
    case 'above':
      return among(dialect, column, ancestors(value.uri));
  }
}

/** The uri and every part of it that ends before or with one of its slashes. */
function ancestors(uri: string): string[] {
  const slashes = [...uri.matchAll(/\//g)].map(match => match.index);
  const parts = slashes.flatMap(at => [uri.slice(0, at), uri.slice(0, at + 1)]);
  return [...new Set([uri, ...parts])].filter(part => part !== '');
}
