import type { AccessFilter } from '../access/filter.ts';
import { accessPredicate } from './access-predicate.ts';
import type { Reader } from './database.ts';
import { limitTo } from './limit.ts';
import { storedVersion } from './reads.ts';
import { visibleCandidates } from './search/visible.ts';
import { type RawBuilder, sql } from './sql.ts';
import type { HistoryRequest, StoredVersion } from './types.ts';

/** A set of versions that is read whole and sorted when it has no more rows than this. */
const few = 2000;

/** See Store.history. Old versions are as visible as the current one. */
export async function history(
  reader: Reader,
  request: HistoryRequest,
  filter: AccessFilter,
): Promise<StoredVersion[]> {
  const { dialect } = reader;
  const { from, where = [] } = await driver(reader, request, filter);
  const { type, since, before, current, count } = request;
  const conditions = [
    ...where,
    ...(type === undefined ? [] : [sql`r.type = ${type}`]),
    ...(since === undefined ? [] : [sql`v.at >= ${since}`]),
    ...(before === undefined ? [] : [sql`v.seq < ${before}`]),
    ...(current === undefined ? [] : [wasCurrent(current)]),
    accessPredicate(dialect, filter),
  ];
  return reader.all<StoredVersion>(sql`
    SELECT ${storedVersion} FROM ${from} WHERE ${sql.join(conditions, sql` AND `)}
    ORDER BY v.seq DESC${limitTo(count)}`);
}

/** It was written by the end, and the next one came after the beginning or not yet. */
function wasCurrent({ lo, hi }: { lo: number; hi: number }): RawBuilder<unknown> {
  const replaced = sql`SELECT 1 FROM version n WHERE n.rid = v.rid AND n.ver = v.ver + 1 AND n.at <= ${lo}`;
  return sql`v.at <= ${hi} AND NOT EXISTS (${replaced})`;
}

/** What the query begins with, as `FROM … r … v`. */
interface Driver {
  from: RawBuilder<unknown>;
  where?: RawBuilder<unknown>[];
}

/**
 * The versions of one resource; what changed since a time, or what the organization can see, when that is
 * little; and else all versions from the newest, of which a page is soon full.
 */
async function driver(reader: Reader, request: HistoryRequest, filter: AccessFilter): Promise<Driver> {
  const { dialect } = reader;
  const { type, id, since } = request;
  if (id !== undefined) {
    const from = sql`resource r${dialect.next('version', 'v', sql`v.rid = r.rid`)}`;
    return { from, where: [sql`r.id = ${id}`] };
  }
  const recent =
    since === undefined ? undefined : sql`SELECT d.seq FROM version d WHERE d.at >= ${since} ORDER BY d.at`;
  if (recent && (await isFew(reader, sql`(SELECT count(*) FROM (${recent}${limitTo(few)}) n)`))) {
    const resource = dialect.next('resource', 'r', sql`r.rid = v.rid`);
    return {
      from: sql`(${recent}${limitTo(few)}) d${dialect.next('version', 'v', sql`v.seq = d.seq`)}${resource}`,
    };
  }
  const types = type === undefined ? await typesOf(reader, filter) : [type];
  const visible = visibleCandidates({ dialect, filter }, types);
  if (visible && (await isFew(reader, visible.size(few)))) {
    const version = dialect.next('version', 'v', sql`v.rid = r.rid`);
    return { from: sql`(${visible.rids}) d${dialect.next('resource', 'r', sql`r.rid = d.rid`)}${version}` };
  }
  const from = sql`version v${dialect.next('resource', 'r', sql`r.rid = v.rid`)}`;
  return { from, where: type === undefined ? [] : [sql`v.type = ${type}`] };
}

async function isFew(reader: Reader, size: RawBuilder<number>): Promise<boolean> {
  const [row] = await reader.all(sql<{ size: number }>`SELECT ${size} AS size`);
  return Number(row?.size) < few;
}

/** The types in scope; for all of them, those that the index of types has, found by leaping through it. */
async function typesOf(reader: Reader, filter: AccessFilter): Promise<readonly string[]> {
  if (filter.types !== '*') {
    return filter.types;
  }
  const rows = await reader.all(sql<{ type: string }>`
    WITH RECURSIVE t(type) AS (
      SELECT min(type) FROM resource
      UNION ALL SELECT (SELECT min(r.type) FROM resource r WHERE r.type > t.type) FROM t WHERE t.type IS NOT NULL)
    SELECT type FROM t WHERE type IS NOT NULL`);
  return rows.map(row => row.type);
}
