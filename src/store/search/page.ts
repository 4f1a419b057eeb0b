import { sql } from 'kysely';
import type { Reader } from '../database.ts';
import type { StoredVersion } from '../types.ts';
import { allOf, type Query } from './boolean.ts';
import { type Place, present, probe, type Scene } from './probe.ts';
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

/** `FROM …` of all matches: `d` of the source and `r`, the resource, with every condition. */
export function matches({ scene, types, filters }: Wanted, source: Source): Query {
  const place: Place = { alias: 'r', types, depth: 0 };
  const probed = filters
    .filter(filter => filter !== source.answers)
    .map(filter => probe(scene, filter, place));
  const on = allOf([sql<boolean>`r.rid = d.rid`, ...source.also, ...probed, present(scene, place)]);
  return sql`FROM ${source.from}${scene.dialect.next('resource', 'r', on)} WHERE ${source.where}`;
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
  const found = sql`SELECT d.rid, r.type, r.id, r.seq, ${sql.join(keys)} ${matches(wanted, source)}`;
  const rest = after ? isAfter(sort, after, 'q') : sql<boolean>`1 = 1`;
  const page = sql`SELECT * FROM (${found}) q WHERE ${rest} ${orderBy(sort, 'q')} LIMIT ${limit}`;
  const keyColumns = sql.join(sort.map((_, at) => sql.ref(`p.k${at}`)));
  const rows = await reader.all<Row>(sql`
    SELECT v.rid, p.type, p.id, v.ver, v.seq, v.at, v.op, v.body, ${keyColumns}
    FROM (${page}) p${reader.dialect.next('version', 'v', sql`v.seq = p.seq`)} ${orderBy(sort, 'p')}`);
  return rows.map(row => toPageRow(row, sort.length));
}

type Row = StoredVersion & Record<`k${number}`, string | number | null>;

function toPageRow(row: Row, keys: number): PageRow {
  const { rid, type, id, ver, seq, at, op, body } = row;
  const values = Array.from({ length: keys }, (_, key) => row[`k${key}`] ?? null);
  return { version: { rid, type, id, ver, seq, at, op, body }, mark: { values, rid } };
}
