import { type RawBuilder, sql } from 'kysely';
import type { Reader } from '../database.ts';
import { everything, kindKey } from './chain.ts';
import type { AuditQuery, AuditRow } from './types.ts';

/**
 * See AuditStore.search. The first list of keys drives, newest first, the others and
 * the kinds are probed; without any, all events are walked in the order of time.
 */
export function searchAudit(reader: Reader, query: AuditQuery): Promise<AuditRow[]> {
  const { keys, kinds } = query;
  const [driving = [everything], ...probed] = [...keys, ...(kinds ? [kinds.map(kindKey)] : [])];
  const conditions = [...range(query), ...probed.map(some => hasKey(reader, some)), ...plain(reader, query)];
  return reader.all<AuditRow>(sql`
    SELECT a.seq, a.at, a.kind, a.outcome, a.org, a.keys, a.event FROM ${source(reader, driving)}
    WHERE ${conditions.length ? sql.join(conditions, sql` AND `) : sql`1 = 1`}
    ORDER BY d.at DESC, d.seq DESC LIMIT ${query.limit}`);
}

type Bool = RawBuilder<unknown>;

function source(reader: Reader, keys: readonly string[]): RawBuilder<unknown> {
  const [only] = keys;
  const found =
    keys.length === 1 && only !== undefined
      ? sql`(SELECT k.at, k.seq FROM audit_key k WHERE k.key = ${only})`
      : sql`(SELECT DISTINCT k.at, k.seq FROM audit_key k WHERE ${reader.dialect.oneOf(sql`k.key`, keys)})`;
  return sql`${found} d${itself(reader)}`;
}

const itself = (reader: Reader) => reader.dialect.next('audit', 'a', sql`a.seq = d.seq`);

function range({ from, to, start }: AuditQuery): Bool[] {
  return [
    ...(from === undefined ? [] : [sql`d.at >= ${from}`]),
    ...(to === undefined ? [] : [sql`d.at <= ${to}`]),
    ...(start === undefined ? [] : [sql`(d.at, d.seq) <= (${start.at}, ${start.seq})`]),
  ];
}

function hasKey(reader: Reader, keys: readonly string[]): Bool {
  const match = reader.dialect.oneOf(sql`p.key`, keys);
  return sql`EXISTS (SELECT 1 FROM audit_key p WHERE ${match} AND p.at = d.at AND p.seq = d.seq)`;
}

function plain(reader: Reader, { outcomes, org }: AuditQuery): Bool[] {
  const { dialect } = reader;
  return [
    ...(outcomes ? [dialect.oneOf(sql`a.outcome`, outcomes)] : []),
    ...(org === undefined ? [] : [sql`a.org = ${org}`]),
  ];
}
