import type { Reader } from '../database.ts';
import { type RawBuilder, sql } from '../sql.ts';
import { allOf, anyOf, type Condition } from './boolean.ts';
import { inRange } from './range.ts';
import { columnOf, type Mark } from './sort.ts';
import type { Source } from './source.ts';
import type { Filter, IndexTable, SortKey } from './types.ts';

/**
 * A source that is read in the order of the first sort key, so that a page is full before all is read: the
 * index of changes for `_lastUpdated`, else the parameter's own index.
 */
export interface Stream extends Source {
  /** The first key's column of `d`, and how it runs. */
  column: RawBuilder<unknown>;
  descending: boolean;
  /** It also gives the resources that come last because they have no value. */
  complete: boolean;
}

/** Undefined where no index has the order, or the page begins among resources without a value. */
export function streamOf(
  types: readonly string[],
  filters: readonly Filter[],
  sort: readonly SortKey[],
  mark: Mark | undefined,
): Stream | undefined {
  const [key, ...others] = sort;
  if (!key || key.kind === 'id' || types.length !== 1) return undefined;
  const value = mark?.values[0];
  if (mark && value === null) return undefined;
  const base = key.kind === 'lastUpdated' ? byChange(types[0] ?? '', filters) : byParameter(key);
  const from: Condition[] = mark ? [startingAt(base.column, key.descending, mark, others.length > 0)] : [];
  return {
    ...base,
    where: allOf([base.where, ...from]),
    first: base.column,
    descending: key.descending,
    complete: key.kind === 'lastUpdated',
  };
}

function startingAt(column: RawBuilder<unknown>, descending: boolean, mark: Mark, more: boolean): Condition {
  const [value] = mark.values;
  const compare = descending ? sql`<` : sql`>`;
  // With further keys the tie is broken by them: the page's own condition says how.
  if (more) return sql`${column} ${compare}= ${value}`;
  return sql`(${column}, d.rid) ${compare} (${value}, ${mark.rid})`;
}

type Base = Pick<Stream, 'from' | 'where' | 'also' | 'column'>;

function byChange(type: string, filters: readonly Filter[]): Base {
  const column = sql.ref('d.updated');
  const within = filters
    .filter(filter => filter.kind === 'lastUpdated')
    .map(filter => anyOf(filter.any.map(value => inRange(column, column, value))));
  return {
    from: sql`resource d`,
    where: allOf([sql<boolean>`d.type = ${type}`, ...within]),
    also: [],
    column,
  };
}

function byParameter(key: SortKey & { kind: 'param' }): Base {
  const column = sql.ref(`d.${columnOf(key)}`);
  return {
    from: sql`${sql.table(key.table)} d`,
    where: sql`d.param = ${key.param}`,
    also: [isExtreme(key)],
    column,
  };
}

/** What else tells the rows of one resource apart when their sorted value is the same. */
const tieColumns: Partial<Record<IndexTable, readonly string[]>> = {
  dt: ['hi'],
  tok: ['sys'],
  qty: ['code', 'sys'],
};

/** Of several rows of a resource only the first in the order stands for it. */
function isExtreme(key: SortKey & { kind: 'param' }): Condition {
  const name = columnOf(key);
  const [mine, other] = [sql.ref(`d.${name}`), sql.ref(`e.${name}`)];
  const ties = tieColumns[key.table] ?? [];
  const columns = (alias: string) => sql.join(ties.map(tie => sql.ref(`${alias}.${tie}`)));
  const before = [
    key.descending ? sql<boolean>`${other} > ${mine}` : sql<boolean>`${other} < ${mine}`,
    ...(ties.length > 0
      ? [sql<boolean>`(${other} = ${mine} AND (${columns('e')}) < (${columns('d')}))`]
      : []),
  ];
  const rows = sql`${sql.table(key.table)} e WHERE e.rid = d.rid AND e.param = ${key.param}`;
  return sql`NOT EXISTS (SELECT 1 FROM ${rows} AND ${anyOf(before)})`;
}

/**
 * The first rows of a stream alone: about `length` of them. `whole` when the stream has no more than that.
 */
export async function beginning(
  reader: Reader,
  stream: Stream,
  length: number,
): Promise<{ stream: Stream; whole: boolean }> {
  const { column, from, where, descending } = stream;
  const direction = descending ? sql`DESC` : sql`ASC`;
  const [last] = await reader.all<{ value: unknown }>(sql`
    SELECT ${column} AS value FROM ${from} WHERE ${where}
    ORDER BY ${column} ${direction}, d.rid ${direction} LIMIT 1 OFFSET ${length}`);
  if (!last) return { stream, whole: true };
  const until: Condition = descending ? sql`${column} >= ${last.value}` : sql`${column} <= ${last.value}`;
  return { stream: { ...stream, where: allOf([where, until]) }, whole: false };
}
