import type { AccessFilter } from '../access/filter.ts';
import { accessPredicate } from './access-predicate.ts';
import type { Reader } from './database.ts';
import { limitTo } from './limit.ts';
import { originOf } from './origin.ts';
import { prepareVisible } from './prepared.ts';
import { sql } from './sql.ts';
import type { Key, Located, Rid, StoredVersion } from './types.ts';

/** The columns of a StoredVersion, from `resource r` and `version v`. */
export const storedVersion = sql`v.rid, r.type, r.id, v.ver, v.seq, v.at, v.op, v.body, r.source, ${originOf(sql.ref('r'))} AS origin, r.patient, r.label`;

/** See Store.read. */
export async function read(
  reader: Reader,
  key: Key,
  filter: AccessFilter,
): Promise<StoredVersion | undefined> {
  return (await byKey(reader, key, filter))[0];
}

const byKey = prepareVisible<Key, StoredVersion>(
  (_, { type, id }, visible) => sql`
    SELECT ${storedVersion} FROM resource r JOIN version v ON v.seq = r.seq
    WHERE r.type = ${type} AND r.id = ${id} AND ${visible}`,
);

/** See Store.vread. */
export async function vread(
  reader: Reader,
  key: Key,
  ver: number,
  filter: AccessFilter,
): Promise<StoredVersion | undefined> {
  const rows = await reader.all<StoredVersion>(sql`
    SELECT ${storedVersion} FROM resource r JOIN version v ON v.rid = r.rid AND v.ver = ${ver}
    WHERE r.type = ${key.type} AND r.id = ${key.id} AND ${accessPredicate(reader.dialect, filter)}`);
  return rows[0];
}

/** See Store.readMany. */
export function readMany(
  reader: Reader,
  rids: readonly Rid[],
  filter: AccessFilter,
): Promise<StoredVersion[]> {
  return byRid(reader, { rids }, filter);
}

const byRid = prepareVisible<{ rids: readonly Rid[] }, StoredVersion>(
  (dialect, { rids }, visible) => sql`
    SELECT ${storedVersion} FROM resource r JOIN version v ON v.seq = r.seq
    WHERE ${dialect.oneOf(sql`r.rid`, rids)} AND r.deleted = 0 AND ${visible}`,
);

/** See Store.scan. */
export function scan(reader: Reader, after: Rid, limit: number): Promise<StoredVersion[]> {
  return reader.all<StoredVersion>(sql`
    SELECT ${storedVersion} FROM resource r JOIN version v ON v.seq = r.seq
    WHERE r.rid > ${after} AND r.deleted = 0 ORDER BY r.rid${limitTo(limit)}`);
}

/** See Store.locate. */
export async function locate(reader: Reader, keys: readonly Key[], filter: AccessFilter): Promise<Located[]> {
  const located: Located[] = [];
  for (const [type, ofType] of Map.groupBy(keys, key => key.type)) {
    const ids = [...new Set(ofType.map(key => key.id))];
    const rows = await byType(reader, { type, ids }, filter);
    located.push(...rows.map(row => ({ ...row, deleted: row.deleted === 1, visible: row.visible === 1 })));
  }
  return located;
}

const byType = prepareVisible<{ type: string; ids: readonly string[] }, LocatedRow>(
  (dialect, { type, ids }, visible) => sql`
    SELECT r.type, r.id, r.rid, r.ver, r.deleted, r.source, ${originOf(sql.ref('r'))} AS origin, r.patient,
      CASE WHEN ${visible} THEN 1 ELSE 0 END AS visible
    FROM resource r WHERE r.type = ${type} AND ${dialect.oneOf(sql`r.id`, ids)}`,
);

type LocatedRow = Omit<Located, 'deleted' | 'visible'> & { deleted: number; visible: number };

/** See Store.referenced: a resource that refers to itself does not count. */
export async function referenced(reader: Reader, rid: Rid, except: readonly Rid[]): Promise<boolean> {
  const others = sql`NOT (${reader.dialect.oneOf(sql`f.rid`, [rid, ...except])})`;
  const rows = await reader.all(sql`SELECT 1 FROM ref f WHERE f.target = ${rid} AND ${others} LIMIT 1`);
  return rows.length > 0;
}

/** See Store.opensRecord. */
export async function opensRecord(
  reader: Reader,
  patient: string,
  organization: string,
  now: number,
): Promise<boolean> {
  const own = sql`SELECT 1 FROM resource r WHERE r.type = 'Patient' AND r.id = ${patient}
    AND r.source = ${organization} AND r.deleted = 0`;
  const related = sql`SELECT 1 FROM rel x WHERE x.patient = ${patient} AND x.org = ${organization}
    AND x.opens = 1 AND x.starts <= ${now} AND (x.ends IS NULL OR x.ends > ${now})`;
  return (await reader.all(sql`SELECT 1 WHERE EXISTS (${own}) OR EXISTS (${related})`)).length > 0;
}
