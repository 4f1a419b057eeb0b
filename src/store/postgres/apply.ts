import type pg from 'pg';
import type { CommitList, CommitResult, Expectation, Rid, VersionWrite } from '../types.ts';
import { codeOf } from './errors.ts';
import { firstFailure } from './expectations.ts';
import { lockNames, lockRows } from './locks.ts';
import { additions, linkAdditions, linkRemovals, removals, type Statement } from './statements.ts';

/** Another transaction has created the same `Type/id` meanwhile: this one is lost, and started nothing. */
export class TakenKey extends Error {
  readonly failed: Expectation;

  constructor(rid: Rid) {
    super('Another transaction has created the resource');
    this.failed = { kind: 'version', rid, ver: 0 };
  }
}

/** Applies the list inside the open transaction; when it is not `ok` the caller rolls back. */
export async function applyList(client: pg.ClientBase, list: CommitList): Promise<CommitResult> {
  await lockNames(client, list);
  const standing = await lockRows(client, list);
  const failed = await firstFailure(client, list, standing);
  if (failed) {
    return { ok: false, failed };
  }
  const seqs = new Map<VersionWrite, number>();
  for (const round of rounds(list.writes)) {
    await writeRound(client, round, seqs);
  }
  await replaceLinks(client, list);
  await moveCursor(client, list);
  return { ok: true, seqs: list.writes.map(write => seqs.get(write) ?? 0) };
}

/** A round is one set for the database: a later write of the same resource begins the next one. */
function rounds(writes: readonly VersionWrite[]): VersionWrite[][] {
  const all: VersionWrite[][] = [];
  let rids = new Set<Rid>();
  for (const write of writes) {
    if (all.length === 0 || rids.has(write.rid)) {
      all.push([]);
      rids = new Set();
    }
    rids.add(write.rid);
    all.at(-1)?.push(write);
  }
  return all;
}

async function writeRound(
  client: pg.ClientBase,
  writes: readonly VersionWrite[],
  seqs: Map<VersionWrite, number>,
): Promise<void> {
  if (writes.some(write => write.ver > 1)) {
    await run(client, removals(writes));
  }
  const rows = await insert(client, writes);
  const seqOf = new Map(rows.map(({ rid, seq }) => [rid, seq]));
  for (const write of writes) {
    seqs.set(write, seqOf.get(write.rid) ?? 0);
  }
}

async function insert(
  client: pg.ClientBase,
  writes: readonly VersionWrite[],
): Promise<{ rid: Rid; seq: number }[]> {
  try {
    return (await run(client, additions(writes))).rows as { rid: Rid; seq: number }[];
  } catch (error) {
    const taken = codeOf(error) === '23505' ? takenBy(error, writes) : undefined;
    throw taken ? new TakenKey(taken.rid) : error;
  }
}

/** The create whose key a unique violation names: `Key (type, id)=(Patient, 7) already exists.` */
function takenBy(error: unknown, writes: readonly VersionWrite[]): VersionWrite | undefined {
  const detail = error instanceof Error && 'detail' in error ? String(error.detail) : '';
  const names = (columns: string, values: string) => detail.startsWith(`Key (${columns})=(${values})`);
  return writes.find(
    ({ type, id, rid }) =>
      names('type, id', `${type}, ${id}`) || names('rid', `${rid}`) || names('rid, ver', `${rid}, 1`),
  );
}

async function replaceLinks(client: pg.ClientBase, { links }: CommitList): Promise<void> {
  if (links.length > 0) {
    await run(client, linkRemovals(links));
    await run(client, linkAdditions(links));
  }
}

async function moveCursor(client: pg.ClientBase, { cursor }: CommitList): Promise<void> {
  if (cursor) {
    await client.query(
      `INSERT INTO cursor(name, xid, seq) VALUES ($1, $2::xid8, $3)
        ON CONFLICT (name) DO UPDATE SET xid = excluded.xid, seq = excluded.seq`,
      [cursor.name, cursor.to.xid, cursor.to.seq],
    );
  }
}

function run(client: pg.ClientBase, { name, text, values }: Statement): Promise<pg.QueryResult> {
  return client.query({ name, text, values });
}
