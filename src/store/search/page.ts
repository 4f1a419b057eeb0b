import { accessPredicate } from '../access-predicate.ts';
import type { Reader } from '../database.ts';
import { limitTo } from '../limit.ts';
import { originOf } from '../origin.ts';
import { sql } from '../sql.ts';
import type { StoredVersion } from '../types.ts';
import { allOf, type Query } from './boolean.ts';
import { isCurrent, needsResource, type Place, probe, type Scene } from './probe.ts';
import { isAfter, type Mark, orderBy, sortValue } from './sort.ts';
import type { Source } from './source.ts';
import type { Filter, SortKey } from './types.ts';

/** What the resources of a search must be, whatever the query begins with. */
export interface Wanted {
  scene: Scene;
  types: readonly string[];
  /** The most selective first. */
  filters: readonly Filter[];
}

/**
 * `FROM …` of all matches: `d` of the source and `r`, the resource, with every condition. What the indexes say
 * of a candidate is asked before its resource is looked up, and access last.
 */
export function matches({ scene, types, filters }: Wanted, source: Source): Query {
  const { dialect } = scene;
  const place = (alias: string): Place => ({ alias, types, depth: 0 });
  const open = filters.filter(filter => filter !== source.answers);
  const probed = (alias: string, some: readonly Filter[]) => some.map(it => probe(scene, it, place(alias)));
  const byIndex = probed(
    'd',
    open.filter(filter => !needsResource(filter)),
  );
  const indexed = dialect.guard(allOf([...source.also, ...byIndex]), 'm');
  const byColumn = probed('r', open.filter(needsResource));
  const current = isCurrent(scene, place('r'));
  const resource = dialect.next('resource', 'r', allOf([sql<boolean>`r.rid = d.rid`, current, ...byColumn]));
  const visible = dialect.guard(accessPredicate(dialect, scene.filter), 'a');
  const where = allOf([source.where, indexed.where, visible.where]);
  return sql`FROM ${source.from}${indexed.join}${resource}${visible.join} WHERE ${where}`;
}

export interface Order {
  sort: readonly SortKey[];
  after: Mark | undefined;
  limit: number;
}

export interface PageRow {
  version: StoredVersion;
  mark: Mark;
}

/** The first matches after a mark. Bodies are fetched for those that stay after the limit alone. */
export async function readPage(
  reader: Reader,
  wanted: Wanted,
  source: Source,
  order: Order,
): Promise<PageRow[]> {
  const { sort, after, limit } = order;
  const keys = sort.map((key, at) => {
    const value = at === 0 && source.first ? source.first : sortValue(key);
    return sql`${value} AS ${sql.ref(`k${at}`)}`;
  });
  const found = sql`SELECT d.rid, r.type, r.id, r.seq, r.source, ${originOf(sql.ref('r'))} AS origin, r.patient, r.label, ${sql.join(keys)} ${matches(wanted, source)}`;
  const streamed = source.first !== undefined;
  const rest = after ? isAfter(sort, after, 'q') : sql<boolean>`1 = 1`;
  const page = sql`SELECT * FROM (${found}) q WHERE ${rest} ${orderBy(sort, 'q', streamed)}${limitTo(limit)}`;
  const keyColumns = sql.join(sort.map((_, at) => sql.ref(`p.k${at}`)));
  const rows = await reader.all<Row>(sql`
    SELECT v.rid, p.type, p.id, v.ver, v.seq, v.at, v.op, v.body, p.source, p.origin, p.patient, p.label, ${keyColumns}
    FROM (${page}) p${reader.dialect.next('version', 'v', sql`v.seq = p.seq`)} ${orderBy(sort, 'p', streamed)}`);
  return rows.map(row => toPageRow(row, sort.length));
}

type Row = StoredVersion & Record<`k${number}`, string | number | null>;

function toPageRow(row: Row, keys: number): PageRow {
  const { rid, type, id, ver, seq, at, op, body, source, origin, patient, label } = row;
  const values = Array.from({ length: keys }, (_, key) => row[`k${key}`] ?? null);
  const version = { rid, type, id, ver, seq, at, op, body, source, origin, patient, label };
  return { version, mark: { values, rid } };
}
