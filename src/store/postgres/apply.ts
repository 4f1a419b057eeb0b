import type pg from 'pg';
import type { CommitList, CommitResult, Expectation, Rid, VersionWrite } from '../types.ts';
import { codeOf } from './errors.ts';
import { firstFailure } from './expectations.ts';
import { lockNames, lockRows } from './locks.ts';
import {
  additions,
  clearanceChanges,
  cursorMove,
  linkAdditions,
  linkRemovals,
  reindexing,
  removals,
  type Statement,
  wordChanges,
} from './statements.ts';

/**
 * Applies the list in a transaction of its own, in three flights: the locks, the checks, and all writes with
 * the COMMIT. The statements of a flight are sent together and answered in their order. When this throws, the
 * caller rolls back.
 */
export async function applyList(client: pg.ClientBase, list: CommitList): Promise<CommitResult> {
  const [, , standing] = await Promise.all([
    client.query('BEGIN'),
    lockNames(client, list),
    lockRows(client, list),
  ]);
  const failed = await firstFailure(client, list, standing);
  if (failed) {
    await client.query('ROLLBACK');
    return { ok: false, failed };
  }
  try {
    return { ok: true, seqs: await write(client, list) };
  } catch (error) {
    const taken = takenKey(error, list.writes);
    if (!taken) {
      throw error;
    }
    return { ok: false, failed: taken };
  }
}

/** Sends everything and gives the sequence numbers of the versions. */
async function write(client: pg.ClientBase, list: CommitList): Promise<number[]> {
  const run = ({ name, text, values }: Statement) =>
    client.query<{ rid: Rid; seq: number }>({ name, text, values });
  const sent = statementsOf(list).map(async ({ writes, ...statement }) => {
    const { rows } = await run(statement);
    const seqs = new Map(rows.map(({ rid, seq }) => [rid, seq]));
    return writes.map(({ rid }) => seqs.get(rid) ?? 0);
  });
  // After an error the COMMIT rolls back; the connection is free when all have been answered.
  const commit = client.query('COMMIT');
  const done = Promise.all([Promise.all(sent), commit]);
  await Promise.allSettled([done, ...sent, commit]);
  const [seqs] = await done;
  return seqs.flat();
}

/** The statements of a list in their order, each with the writes that it inserts as versions. */
function statementsOf({
  writes,
  links,
  reindex = [],
  cursor,
}: CommitList): (Statement & { writes: readonly VersionWrite[] })[] {
  const statements = rounds(writes).flatMap(round => [
    ...(round.some(write => write.ver > 1) ? [{ ...removals(round), writes: [] }] : []),
    { ...additions(round), writes: round },
    ...wordsOf(round).map(statement => ({ ...statement, writes: [] })),
  ]);
  const others = [
    ...(reindex.length > 0 ? reindexing(reindex) : []),
    ...(links.length > 0 ? [linkRemovals(links), linkAdditions(links), ...clearanceChanges(links)] : []),
    ...(cursor ? [cursorMove(cursor)] : []),
  ];
  return [...statements, ...others.map(statement => ({ ...statement, writes: [] }))];
}

function wordsOf(round: readonly VersionWrite[]): Statement[] {
  const changed = round.flatMap(({ rid, words }) => (words === undefined ? [] : [{ rid, words }]));
  return changed.length > 0 ? wordChanges(changed) : [];
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

/**
 * The expectation that fails when another transaction has created the same resource meanwhile: the unique
 * violation names it, as in `Key (type, id)=(Patient, 7) already exists.`
 */
function takenKey(error: unknown, writes: readonly VersionWrite[]): Expectation | undefined {
  if (codeOf(error) !== '23505') {
    return undefined;
  }
  const detail = error instanceof Error && 'detail' in error ? String(error.detail) : '';
  const names = (columns: string, values: string) => detail.startsWith(`Key (${columns})=(${values})`);
  const taken = writes.find(
    ({ type, id, rid }) =>
      names('type, id', `${type}, ${id}`) || names('rid', `${rid}`) || names('rid, ver', `${rid}, 1`),
  );
  return taken && { kind: 'version', rid: taken.rid, ver: 0 };
}
