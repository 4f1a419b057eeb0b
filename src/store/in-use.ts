import type { AccessFilter } from '../access/filter.ts';
import { accessPredicate } from './access-predicate.ts';
import type { Reader } from './database.ts';
import { limitTo } from './limit.ts';
import { among } from './search/boolean.ts';
import { sql } from './sql.ts';

/** See Store.inUse: more values than this are not told. */
const most = 1000;

/** The values of some parameters in current, visible resources, each once, in their order. */
export async function inUse(
  reader: Reader,
  table: 'tok' | 'uri',
  params: readonly number[],
  filter: AccessFilter,
): Promise<{ system: string; code: string }[]> {
  if (params.length === 0) return [];
  const { dialect } = reader;
  const [system, code] =
    table === 'tok' ? [sql.ref('i.sys'), sql.ref('i.code')] : [sql`''`, sql.ref('i.uri')];
  const seen = sql<boolean>`r.rid = i.rid AND r.deleted = 0 AND ${accessPredicate(dialect, filter)}`;
  return reader.all<{ system: string; code: string }>(sql`
    SELECT DISTINCT ${system} AS system, ${code} AS code
    FROM ${sql.table(table)} i${dialect.next('resource', 'r', seen)}
    WHERE ${among(dialect, sql.ref('i.param'), params)} ORDER BY 1, 2${limitTo(most)}`);
}
