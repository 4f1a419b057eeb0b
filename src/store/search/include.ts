import type { AccessFilter } from '../../access/filter.ts';
import { accessPredicate } from '../access-predicate.ts';
import type { Reader } from '../database.ts';
import { limitTo } from '../limit.ts';
import { originOf } from '../origin.ts';
import { sql } from '../sql.ts';
import type { StoredVersion } from '../types.ts';
import { allOf, among } from './boolean.ts';
import type { IncludeRequest } from './types.ts';

/** The current, visible resources one reference away from a page. See Store.include. */
export async function include(
  reader: Reader,
  { direction, rids, params, types, limit }: IncludeRequest,
  filter: AccessFilter,
): Promise<StoredVersion[]> {
  if (rids.length === 0 || params.length === 0) return [];
  const { dialect } = reader;
  const [near, far] = direction === 'forward' ? ['f.rid', 'f.target'] : ['f.target', 'f.rid'];
  const along = allOf([among(dialect, sql.ref('f.param'), params), among(dialect, sql.ref(near), rids)]);
  const linked = sql`(SELECT DISTINCT ${sql.ref(far)} AS rid FROM ref f WHERE ${along})`;
  const seen = allOf([
    sql<boolean>`r.rid = d.rid AND r.deleted = 0`,
    ...(types ? [among(dialect, sql.ref('r.type'), types)] : []),
    accessPredicate(dialect, filter),
  ]);
  const found = sql`SELECT r.rid, r.type, r.id, r.seq, r.source, ${originOf(sql.ref('r'))} AS origin, r.patient, r.label FROM ${linked} d${dialect.next('resource', 'r', seen)}
    ORDER BY r.rid${limitTo(limit)}`;
  return reader.all<StoredVersion>(sql`
    SELECT v.rid, p.type, p.id, v.ver, v.seq, v.at, v.op, v.body, p.source, p.origin, p.patient, p.label
    FROM (${found}) p${dialect.next('version', 'v', sql`v.seq = p.seq`)} ORDER BY v.rid`);
}
