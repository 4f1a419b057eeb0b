import { type RawBuilder, sql } from '../sql.ts';
import { anyOf, type Condition, never } from './boolean.ts';
import type { IndexTable, SortKey } from './types.ts';

/** A resource's place in an order: the value of each key (null: it has none), then its `rid`. */
export interface Mark {
  values: readonly (string | number | null)[];
  rid: number;
}

/** What a table is sorted by: times by their start. */
export const sortColumn: Record<Exclude<IndexTable, 'pos' | 'tuple'>, string> = {
  tok: 'code',
  ref: 'target',
  str: 'norm',
  dt: 'lo',
  num: 'val',
  qty: 'val',
  uri: 'uri',
};

/** The value of a key for the resource `r`: of several, the smallest when ascending, else the largest. */
export function sortValue(key: SortKey): RawBuilder<unknown> {
  if (key.kind === 'id') return sql.ref('r.id');
  if (key.kind === 'lastUpdated') return sql.ref('r.updated');
  const column = sql.ref(`k.${columnOf(key)}`);
  const extreme = key.descending ? sql`max(${column})` : sql`min(${column})`;
  return sql`(SELECT ${extreme} FROM ${sql.table(key.table)} k WHERE k.rid = r.rid AND k.param = ${key.param})`;
}

export function columnOf(key: SortKey & { kind: 'param' }): string {
  if (key.table === 'pos' || key.table === 'tuple') throw new Error(`values of ${key.table} have no order`);
  return sortColumn[key.table];
}

/** Ties are broken by `rid`, in the direction of the first key: that is how the indexes run. */
export const ridDescends = (sort: readonly SortKey[]): boolean => sort[0]?.descending ?? false;

/**
 * `ORDER BY` over the columns `k0`, `k1`, … and `rid` of an alias. What has no value comes last; `streamed`
 * says that all have a first one, whose index an ordering of nulls would rule out.
 */
export function orderBy(sort: readonly SortKey[], alias: string, streamed: boolean): RawBuilder<unknown> {
  const direction = (descending: boolean) => (descending ? sql`DESC` : sql`ASC`);
  const keys = sort.map((key, at) => {
    const last = key.kind === 'param' && !(streamed && at === 0) ? sql` NULLS LAST` : sql``;
    return sql`${sql.ref(`${alias}.k${at}`)} ${direction(key.descending)}${last}`;
  });
  const rid = sql`${sql.ref(`${alias}.rid`)} ${direction(ridDescends(sort))}`;
  return sql`ORDER BY ${sql.join([...keys, rid])}`;
}

/** What comes after a mark in that order. */
export function isAfter(sort: readonly SortKey[], mark: Mark, alias: string): Condition {
  const rid = sql.ref(`${alias}.rid`);
  const tie: Condition = ridDescends(sort) ? sql`${rid} < ${mark.rid}` : sql`${rid} > ${mark.rid}`;
  return sort.reduceRight<Condition>((then, key, at) => {
    const column = sql.ref(`${alias}.k${at}`);
    const value = mark.values[at] ?? null;
    if (value === null) return sql`(${column} IS NULL AND ${then})`;
    const beyond: Condition = key.descending ? sql`${column} < ${value}` : sql`${column} > ${value}`;
    const without = key.kind === 'param' ? sql<boolean>`${column} IS NULL` : never;
    return anyOf([
      beyond,
      ...(key.kind === 'param' ? [without] : []),
      sql`(${column} = ${value} AND ${then})`,
    ]);
  }, tie);
}
