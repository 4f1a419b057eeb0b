import type { Reader } from '../database.ts';
import { type RawBuilder, sql } from '../sql.ts';
import { kindKey } from './chain.ts';
import type { AuditQuery, AuditRow } from './types.ts';

/** The events, and what finds them. */
interface Readers {
  events: Reader;
  seals: Reader;
}

/**
 * See AuditStore.search: all events are sealed. The first list of keys leads from block to block, the newest
 * first; within a block the numbers that all lists have in common are read. Without keys, the events are walked.
 */
export async function searchAudit({ events, seals }: Readers, query: AuditQuery): Promise<AuditRow[]> {
  const keys = [...query.keys, ...(query.kinds ? [query.kinds.map(kindKey)] : [])];
  const [driving, ...probed] = keys;
  if (!driving) return rowsWhere(events, query, [], query.limit);
  const found: AuditRow[] = [];
  let before = Number.MAX_SAFE_INTEGER;
  while (found.length < query.limit) {
    const blocks = await blocksOf(seals, driving, query, before);
    const last = blocks.at(-1);
    if (!last) break;
    before = last.last;
    const seqs = await common(seals, blocks, probed);
    const wanted = seqs.filter(seq => query.start === undefined || seq <= query.start).sort((a, b) => b - a);
    for (let at = 0; at < wanted.length && found.length < query.limit; at += rowsAtOnce) {
      const among = events.dialect.oneOf(sql`a.seq`, wanted.slice(at, at + rowsAtOnce));
      found.push(...(await rowsWhere(events, query, [among], query.limit - found.length)));
    }
  }
  return found;
}

const blocksAtOnce = 50;
const rowsAtOnce = 500;

interface Posting {
  key: string;
  last: number;
  seqs: string;
}

/** Postings of the keys in the newest blocks that may have events of the query, whole blocks only. */
async function blocksOf(
  reader: Reader,
  keys: readonly string[],
  { from, to, start }: AuditQuery,
  before: number,
): Promise<Posting[]> {
  const conditions = [
    reader.dialect.oneOf(sql`k.key`, keys),
    sql`k.last < ${before}`,
    ...(from === undefined ? [] : [sql`s.latest >= ${from}`]),
    ...(to === undefined ? [] : [sql`s.earliest <= ${to}`]),
    ...(start === undefined ? [] : [sql`k.last - s.rows < ${start}`]),
  ];
  const rows = await reader.all<Posting>(sql`
    SELECT k.key, k.last, k.seqs FROM audit_key k JOIN audit_seal s ON s.last = k.last
    WHERE ${sql.join(conditions, sql` AND `)} ORDER BY k.last DESC LIMIT ${blocksAtOnce * keys.length}`);
  if (rows.length < blocksAtOnce * keys.length || keys.length === 1) return rows;
  const cut = rows.at(-1)?.last;
  return rows.filter(row => row.last !== cut);
}

/** The numbers that one key of each list has, among those of the blocks. */
async function common(
  reader: Reader,
  blocks: readonly Posting[],
  lists: readonly (readonly string[])[],
): Promise<number[]> {
  let seqs = numbersIn(blocks);
  for (const keys of lists) {
    if (seqs.size === 0) break;
    const { dialect } = reader;
    const inBlocks = dialect.oneOf(sql`k.last`, [...new Set(blocks.map(block => block.last))]);
    const postings = await reader.all<Posting>(sql`
      SELECT k.key, k.last, k.seqs FROM audit_key k WHERE ${dialect.oneOf(sql`k.key`, keys)} AND ${inBlocks}`);
    seqs = seqs.intersection(numbersIn(postings));
  }
  return [...seqs];
}

const numbersIn = (postings: readonly Posting[]): Set<number> =>
  new Set(postings.flatMap(({ seqs }) => JSON.parse(seqs) as number[]));

function rowsWhere(
  reader: Reader,
  { from, to, start, outcomes, org }: AuditQuery,
  more: readonly RawBuilder<unknown>[],
  limit: number,
): Promise<AuditRow[]> {
  const conditions = [
    ...more,
    ...(start === undefined ? [] : [sql`a.seq <= ${start}`]),
    ...(from === undefined ? [] : [sql`a.at >= ${from}`]),
    ...(to === undefined ? [] : [sql`a.at <= ${to}`]),
    ...(outcomes ? [reader.dialect.oneOf(sql`a.outcome`, outcomes)] : []),
    ...(org === undefined ? [] : [sql`a.org = ${org}`]),
  ];
  return reader.all<AuditRow>(sql`
    SELECT a.seq, a.at, a.kind, a.outcome, a.org, a.keys, a.event FROM audit a
    WHERE ${conditions.length ? sql.join(conditions, sql` AND `) : sql`1 = 1`}
    ORDER BY a.seq DESC LIMIT ${limit}`);
}
