import type { AccessFilter } from '../access/filter.ts';
import { accessPredicate } from './access-predicate.ts';
import type { Reader } from './database.ts';
import { limitTo } from './limit.ts';
import { originOf } from './origin.ts';
import { sql } from './sql.ts';
import type { Authorship, AuthorshipRequest } from './types.ts';

/** See Store.authorship. */
export async function authorship(
  reader: Reader,
  { of, seq, types, before, limit }: AuthorshipRequest,
  filter: AccessFilter,
): Promise<Authorship[]> {
  const { dialect } = reader;
  const conditions = [
    dialect.oneOf(sql`r.type`, types),
    accessPredicate(dialect, filter),
    ...(before === undefined ? [] : [sql`v.seq < ${before}`]),
    ...(seq === undefined ? [] : [sql`v.seq = ${seq}`]),
  ];
  const found: Authorship[] = [];
  // By type, since a key is probed as (type, id); a search is for one type, or for few.
  const wanted = of ? [...Map.groupBy(of, key => key.type)] : [undefined];
  for (const ofType of wanted) {
    const keys = ofType
      ? [sql`r.type = ${ofType[0]}`, dialect.oneOf(sql`r.id`, [...new Set(ofType[1].map(key => key.id))])]
      : [];
    found.push(
      ...(await reader.all<Authorship>(sql`
        SELECT v.seq, r.type, r.id, v.ver, v.at, v.op, v.actor, v.org, v.purpose, r.source, ${originOf(sql.ref('r'))} AS origin, r.patient, r.label
        FROM resource r JOIN version v ON v.rid = r.rid
        WHERE ${sql.join([...keys, ...conditions], sql` AND `)} ORDER BY v.seq DESC${limitTo(limit)}`)),
    );
  }
  return found.sort((a, b) => b.seq - a.seq).slice(0, limit);
}
