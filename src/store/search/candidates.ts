import { limitTo } from '../limit.ts';
import { type RawBuilder, sql } from '../sql.ts';
import { allOf, among, type Query } from './boolean.ts';
import { type Place, present, probe, type Scene } from './probe.ts';
import { inRange } from './range.ts';
import { anyRow } from './row.ts';
import { matchingGroups } from './tuple.ts';
import type { Filter } from './types.ts';

/** A set of `rid`s that holds all matches of a filter, from its index. */
export interface Candidates {
  /** `SELECT … AS rid`, each once. */
  rids: Query;
  /** Counts what reading the set costs, at most about `cap` for each step. */
  size(cap: number): RawBuilder<number>;
  /** False when the set also holds what does not match, so that the filter is to be probed too. */
  exact: boolean;
}

/** Undefined where no index lists the matches (what is *not* there). `types` are those of the resource. */
export function candidates(scene: Scene, filter: Filter, types: readonly string[]): Candidates | undefined {
  switch (filter.kind) {
    case 'never':
      return undefined;
    case 'or':
      return union(filter.filters.map(one => candidates(scene, one, types)));
    case 'id':
    case 'lastUpdated':
      return columnCandidates(scene, filter, types);
    case 'missing':
      return filter.missing ? undefined : presentRows(filter);
    case 'tuple': {
      const { from, where } = matchingGroups(scene.dialect, filter, 'd');
      return rowsOf(sql`${from} WHERE ${where}`, 'rid');
    }
    case 'compartment':
      return compartmentRows(scene, filter);
    case 'text': {
      const { rid, matches } = scene.dialect.fullText;
      return rowsOf(sql`fulltext d WHERE ${matches('d', filter.column, filter.query)}`, rid);
    }
    case 'chain':
      return step(scene, filter.filter, filter.param, filter.types, 'target', 'rid');
    case 'has':
      return step(scene, filter.filter, filter.param, [filter.type], 'rid', 'target');
    default: {
      if (filter.kind === 'token' && filter.negate) return undefined;
      const { table, condition } = anyRow(scene.dialect, filter, 'd');
      const from = sql`${sql.table(table)} d WHERE ${condition}`;
      const exact = filter.kind !== 'string' || filter.any.every(value => value.text === undefined);
      return {
        rids: sql`SELECT DISTINCT d.rid FROM ${from}`,
        size: cap => count(sql`SELECT 1 FROM ${from}`, cap),
        exact,
      };
    }
  }
}

/** All rows of a `FROM d`, which answer the filter. */
function rowsOf(from: Query, rid: string): Candidates {
  return {
    rids: sql`SELECT DISTINCT ${sql.ref(`d.${rid}`)} AS rid FROM ${from}`,
    size: cap => count(sql`SELECT 1 FROM ${from}`, cap),
    exact: true,
  };
}

/** What refers to the compartment's resource, and that resource. */
function compartmentRows(
  { dialect }: Scene,
  { target, params }: Filter & { kind: 'compartment' },
): Candidates {
  const from = sql`ref d WHERE d.target = ${target} AND ${among(dialect, sql.ref('d.param'), params)}`;
  return {
    rids: sql`SELECT d.rid FROM ${from} UNION SELECT d.rid FROM resource d WHERE d.rid = ${target}`,
    size: cap => count(sql`SELECT 1 FROM ${from}`, cap),
    exact: true,
  };
}

/** `SELECT 1 …` counted up to a cap. */
export function count(rows: Query, cap: number): RawBuilder<number> {
  return sql<number>`(SELECT count(*) FROM (${rows}${limitTo(cap)}) n)`;
}

export function union(parts: readonly (Candidates | undefined)[]): Candidates | undefined {
  const known = parts.filter(part => part !== undefined);
  if (known.length < parts.length || known.length === 0) return undefined;
  return {
    rids: sql`${sql.join(
      known.map(part => part.rids),
      sql` UNION `,
    )}`,
    size: cap =>
      sql`(${sql.join(
        known.map(part => part.size(cap)),
        sql` + `,
      )})`,
    exact: known.every(part => part.exact),
  };
}

function columnCandidates(
  { dialect }: Scene,
  filter: Filter & { kind: 'id' | 'lastUpdated' },
  types: readonly string[],
): Candidates {
  const updated = sql.ref('d.updated');
  const condition =
    filter.kind === 'id'
      ? among(dialect, sql.ref('d.id'), filter.any)
      : sql<boolean>`(${sql.join(
          filter.any.map(value => inRange(updated, updated, value)),
          sql` OR `,
        )})`;
  const from = sql`resource d WHERE ${allOf([among(dialect, sql.ref('d.type'), types), condition])}`;
  return {
    rids: sql`SELECT d.rid FROM ${from}`,
    size: cap => count(sql`SELECT 1 FROM ${from}`, cap),
    exact: true,
  };
}

function presentRows({ param, tables }: Filter & { kind: 'missing' }): Candidates | undefined {
  return union(
    tables.map(table => {
      const from = sql`${sql.table(table)} d WHERE d.param = ${param}`;
      return {
        rids: sql`SELECT DISTINCT d.rid FROM ${from}`,
        size: (cap: number) => count(sql`SELECT 1 FROM ${from}`, cap),
        exact: true,
      };
    }),
  );
}

/**
 * From the resources that satisfy the inner filter, one reference along: `near` is the column of `ref` for
 * them, `far` for those it leads to. Access applies to the resources on the way too.
 */
function step(
  scene: Scene,
  inner: Filter,
  param: number,
  types: readonly string[],
  near: 'rid' | 'target',
  far: 'rid' | 'target',
): Candidates | undefined {
  const { dialect } = scene;
  const start = candidates(scene, inner, types);
  if (!start) return undefined;
  const place: Place = { alias: 'c0', types, depth: 0 };
  const visible = allOf([
    sql<boolean>`c0.rid = s.rid`,
    ...(start.exact ? [] : [probe(scene, inner, place)]),
    present(scene, place),
  ]);
  const link = (from: string) =>
    dialect.next('ref', 'd', sql`d.param = ${param} AND ${sql.ref(`d.${near}`)} = ${sql.ref(from)}`);
  const joined = (rids: Query) => sql`SELECT 1 FROM (${rids}) s${link('s.rid')}`;
  return {
    rids: sql`SELECT DISTINCT ${sql.ref(`d.${far}`)} AS rid FROM (${start.rids}) s${dialect.next('resource', 'c0', visible)}${link('c0.rid')}`,
    // Where there are so many to begin with, what they lead to need not be counted.
    size: cap => sql`(SELECT CASE WHEN s.n >= ${cap} THEN s.n
      ELSE s.n + ${count(joined(sql`${start.rids}${limitTo(cap)}`), cap)} END FROM (SELECT ${start.size(cap)} AS n) s)`,
    exact: true,
  };
}
