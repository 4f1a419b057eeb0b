import type { AccessFilter } from '../../access/filter.ts';
import { accessPredicate } from '../access-predicate.ts';
import type { Capabilities } from '../capabilities.ts';
import { type RawBuilder, sql } from '../sql.ts';
import { allOf, among, anyOf, type Condition, never, type Query } from './boolean.ts';
import { inRange } from './range.ts';
import { rowOfResource } from './row.ts';
import { matchingGroups } from './tuple.ts';
import type { Filter } from './types.ts';

/** What a whole search is compiled with. */
export interface Scene {
  dialect: Capabilities;
  filter: AccessFilter;
}

/** A resource in the query: its alias, the types it may have, and how deep in chains it is. */
export interface Place {
  alias: string;
  types: readonly string[];
  depth: number;
}

/** What every resource of a search must be, chained ones too: current, of the types, visible. */
export function present(scene: Scene, place: Place): Condition {
  return allOf([isCurrent(scene, place), accessPredicate(scene.dialect, scene.filter, place.alias)]);
}

export function isCurrent({ dialect }: Scene, { alias, types }: Place): Condition {
  const [deleted, type] = [sql.ref(`${alias}.deleted`), sql.ref(`${alias}.type`)];
  return allOf([sql<boolean>`${deleted} = 0`, among(dialect, type, types)]);
}

/** Whether a filter asks for more of a resource than its `rid`. */
export function needsResource(filter: Filter): boolean {
  if (filter.kind === 'or') return filter.filters.some(needsResource);
  if (filter.kind === 'string') return filter.any.some(value => value.text !== undefined);
  return filter.kind === 'id' || filter.kind === 'lastUpdated';
}

/** Whether the resource at a place satisfies the filter, probed by its `rid`. */
export function probe(scene: Scene, filter: Filter, place: Place): Condition {
  const { dialect } = scene;
  const rid = sql.ref(`${place.alias}.rid`);
  switch (filter.kind) {
    case 'never':
      return never;
    case 'or':
      return anyOf(filter.filters.map(one => probe(scene, one, place)));
    case 'id':
      return among(dialect, sql.ref(`${place.alias}.id`), filter.any);
    case 'lastUpdated': {
      const updated = sql.ref(`${place.alias}.updated`);
      return anyOf(filter.any.map(value => inRange(updated, updated, value)));
    }
    case 'missing':
      return missing(filter, place);
    case 'tuple': {
      const { from, where } = matchingGroups(dialect, filter, `t${place.depth}`);
      return there(sql`SELECT 1 FROM ${from} WHERE ${sql.ref(`t${place.depth}.rid`)} = ${rid} AND ${where}`);
    }
    case 'compartment':
      return inCompartment(dialect, filter, rid);
    case 'text': {
      const { rid: key, matches } = dialect.fullText;
      const found = sql`SELECT ${sql.ref(`w.${key}`)} FROM fulltext w WHERE ${matches('w', filter.column, filter.query)}`;
      return sql`${rid} IN (${found})`;
    }
    case 'chain':
      return chained(scene, filter, place);
    case 'has':
      return referring(scene, filter, place);
    default: {
      const alias = `i${place.depth}`;
      const { table, condition } = rowOfResource(dialect, filter, alias, sql.ref(`${place.alias}.seq`));
      const where = allOf([sql<boolean>`${sql.ref(`${alias}.rid`)} = ${rid}`, condition]);
      const exists = there(sql`SELECT 1 FROM ${sql.table(table)} AS ${sql.ref(alias)} WHERE ${where}`);
      return filter.kind === 'token' && filter.negate ? sql`NOT ${exists}` : exists;
    }
  }
}

/**
 * That there is such a row, asked where it is written: SQLite makes a join of a bare `EXISTS`, the last one, and would
 * look up the resource and who may see it first.
 */
const there = (rows: Query): Condition => sql`(EXISTS (${rows}) IS TRUE)`;

function inCompartment(
  dialect: Capabilities,
  { target, params }: Filter & { kind: 'compartment' },
  rid: RawBuilder<unknown>,
): Condition {
  const refers = there(sql`SELECT 1 FROM ref p WHERE p.rid = ${rid} AND p.target = ${target}
    AND ${among(dialect, sql.ref('p.param'), params)}`);
  return anyOf([sql<boolean>`${rid} = ${target}`, refers]);
}

function missing({ param, tables, missing }: Filter & { kind: 'missing' }, place: Place): Condition {
  const rid = sql.ref(`${place.alias}.rid`);
  const rows = tables.map(table =>
    there(sql`SELECT 1 FROM ${sql.table(table)} m WHERE m.rid = ${rid} AND m.param = ${param}`),
  );
  return missing ? sql`NOT ${anyOf(rows)}` : anyOf(rows);
}

function chained(
  scene: Scene,
  { param, types, filter }: Filter & { kind: 'chain' },
  place: Place,
): Condition {
  const target = { alias: `c${place.depth + 1}`, types, depth: place.depth + 1 };
  return linked(scene, filter, place, target, param, 'rid', 'target');
}

function referring(scene: Scene, { param, type, filter }: Filter & { kind: 'has' }, place: Place): Condition {
  const referrer = { alias: `c${place.depth + 1}`, types: [type], depth: place.depth + 1 };
  return linked(scene, filter, place, referrer, param, 'target', 'rid');
}

/** A resource one reference away: `near` is the column of `ref` for this one, `far` for that one. */
function linked(
  scene: Scene,
  filter: Filter,
  place: Place,
  other: Place,
  param: number,
  near: 'rid' | 'target',
  far: 'rid' | 'target',
): Condition {
  const link = `l${place.depth}`;
  // What the index says of who refers is asked before who that is.
  const early = far === 'rid' && !needsResource(filter);
  const on = allOf([
    sql<boolean>`${sql.ref(`${other.alias}.rid`)} = ${sql.ref(`${link}.${far}`)}`,
    ...(early ? [] : [probe(scene, filter, other)]),
    present(scene, other),
  ]);
  const from = sql`ref AS ${sql.ref(link)}${scene.dialect.next('resource', other.alias, on)}`;
  const here = sql<boolean>`${sql.ref(`${link}.${near}`)} = ${sql.ref(`${place.alias}.rid`)}`;
  const ofParam = sql<boolean>`${sql.ref(`${link}.param`)} = ${param}`;
  const indexed = early ? [probe(scene, filter, { ...other, alias: link })] : [];
  return there(sql`SELECT 1 FROM ${from} WHERE ${allOf([here, ofParam, ...indexed])}`);
}
