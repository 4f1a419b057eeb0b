import type { Reader } from '../database.ts';
import { type RawBuilder, sql } from '../sql.ts';
import { eventsIn } from './batch.ts';
import { keyOf, keysOf } from './keys.ts';
import type { AuditQuery, AuditRow, StoredBatch } from './types.ts';

/** The events, and what finds them. */
interface Readers {
  events: Reader;
  seals: Reader;
}

/** See AuditStore.search: all events are sealed. The index leads to batches; which of their events fit is read. */
export async function searchAudit(readers: Readers, query: AuditQuery): Promise<AuditRow[]> {
  const keys = [...query.keys, ...(query.kinds ? [query.kinds.map(keyOf.kind)] : [])];
  const fits = fitting({ ...query, keys });
  const [driving, ...probed] = keys;
  const found: AuditRow[] = [];
  for await (const batch of driving ? byKeys(readers, driving, probed, query) : inOrder(readers, query)) {
    for (const row of eventsIn(batch).reverse()) {
      if (!fits(row)) continue;
      found.push(row);
      if (found.length === query.limit) return found;
    }
  }
  return found;
}

const blocksAtOnce = 50;
const batchesAtOnce = 50;

function fitting({ keys, outcomes, org, from, to, start }: AuditQuery): (row: AuditRow) => boolean {
  return ({ seq, event }) => {
    if (start !== undefined && seq > start) return false;
    if ((from !== undefined && event.at < from) || (to !== undefined && event.at > to)) return false;
    if (outcomes && !outcomes.includes(event.outcome)) return false;
    if (org !== undefined && event.agent.organization !== org) return false;
    if (keys.length === 0) return true;
    const own = keysOf(event);
    return keys.every(any => any.some(key => own.includes(key)));
  };
}

/**
 * The newest first: the first list of keys leads from block to block; within a block the batches that all lists
 * have in common are read.
 */
async function* byKeys(
  { events, seals }: Readers,
  driving: readonly string[],
  probed: readonly (readonly string[])[],
  query: AuditQuery,
): AsyncGenerator<StoredBatch> {
  let before = Number.MAX_SAFE_INTEGER;
  for (;;) {
    const postings = await postingsOf(seals, driving, query, before);
    const last = postings.at(-1);
    if (!last) return;
    before = last.last;
    const seqs = await common(seals, postings, probed);
    const wanted = seqs.filter(seq => query.start === undefined || seq <= query.start).sort((a, b) => b - a);
    for (let at = 0; at < wanted.length; at += batchesAtOnce)
      yield* await batchesWhere(
        events,
        events.dialect.oneOf(sql`a.seq`, wanted.slice(at, at + batchesAtOnce)),
        batchesAtOnce,
      );
  }
}

/** The newest first: all batches of the blocks that may have events of the query. */
async function* inOrder({ events, seals }: Readers, query: AuditQuery): AsyncGenerator<StoredBatch> {
  let before = Number.MAX_SAFE_INTEGER;
  for (;;) {
    const conditions = [sql`s.last < ${before}`, ...blockConditions(query)];
    const [block] = await seals.all<{ last: number; after: number }>(sql`
      SELECT s.last, coalesce((SELECT max(p.last) FROM audit_seal p WHERE p.last < s.last), 0) AS after
      FROM audit_seal s WHERE ${sql.join(conditions, sql` AND `)} ORDER BY s.last DESC LIMIT 1`);
    if (!block) return;
    before = block.last;
    let end = query.start === undefined ? block.last : Math.min(block.last, query.start);
    for (;;) {
      const range = sql`a.seq > ${block.after} AND a.seq <= ${end}`;
      const batches = await batchesWhere(events, range, batchesAtOnce);
      yield* batches;
      const last = batches.at(-1);
      if (!last || batches.length < batchesAtOnce) break;
      end = last.seq - 1;
    }
  }
}

interface Posting {
  key: string;
  last: number;
  seqs: string;
}

/** Of blocks that may have events of the query. */
const blockConditions = ({ from, to, start }: AuditQuery): RawBuilder<unknown>[] => [
  ...(from === undefined ? [] : [sql`s.latest >= ${from}`]),
  ...(to === undefined ? [] : [sql`s.earliest <= ${to}`]),
  ...(start === undefined
    ? []
    : [sql`s.last <= coalesce((SELECT min(n.last) FROM audit_seal n WHERE n.last >= ${start}), s.last)`]),
];

/** Postings of the keys in the newest blocks that may have events of the query, whole blocks only. */
async function postingsOf(
  reader: Reader,
  keys: readonly string[],
  query: AuditQuery,
  before: number,
): Promise<Posting[]> {
  const conditions = [
    reader.dialect.oneOf(sql`k.key`, keys),
    sql`k.last < ${before}`,
    ...blockConditions(query),
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
  postings: readonly Posting[],
  lists: readonly (readonly string[])[],
): Promise<number[]> {
  let seqs = numbersIn(postings);
  for (const keys of lists) {
    if (seqs.size === 0) break;
    const { dialect } = reader;
    const inBlocks = dialect.oneOf(sql`k.last`, [...new Set(postings.map(posting => posting.last))]);
    const others = await reader.all<Posting>(sql`
      SELECT k.key, k.last, k.seqs FROM audit_key k WHERE ${dialect.oneOf(sql`k.key`, keys)} AND ${inBlocks}`);
    seqs = seqs.intersection(numbersIn(others));
  }
  return [...seqs];
}

const numbersIn = (postings: readonly Posting[]): Set<number> =>
  new Set(postings.flatMap(({ seqs }) => JSON.parse(seqs) as number[]));

/** The newest first. */
const batchesWhere = (
  reader: Reader,
  condition: RawBuilder<unknown>,
  limit: number,
): Promise<StoredBatch[]> =>
  reader.all<StoredBatch>(
    sql`SELECT a.seq, a.batch FROM audit a WHERE ${condition} ORDER BY a.seq DESC LIMIT ${limit}`,
  );
