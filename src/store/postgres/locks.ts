import type pg from 'pg';
import type { CommitList, Rid } from '../types.ts';

/** Where a resource stands now that its row is locked; a row that is not there has no entry. */
export type Standing = ReadonlyMap<Rid, { ver: number; deleted: number }>;

/** Weaker to stronger; see https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-ROWS */
const lockFor = {
  /** A referenced resource must not be deleted; it may be updated. */
  keyShare: 1,
  /** What was read must not change. */
  share: 2,
  update: 3,
  /** Nobody may refer to it any more. */
  delete: 4,
} as const;

type Lock = (typeof lockFor)[keyof typeof lockFor];

/** Takes all row locks of the list in the order of rids, so that two lists seldom wait for each other. */
export async function lockRows(client: pg.ClientBase, list: CommitList): Promise<Standing> {
  const wanted = [...wantedLocks(list)].sort(([a], [b]) => a - b);
  if (wanted.length === 0) {
    return new Map();
  }
  const { rows } = await client.query<{ rid: Rid; ver: number; deleted: number }>({
    name: 'hub_lock_rows',
    text: lockRowsInOrder,
    values: [wanted.map(([rid]) => rid), wanted.map(([, lock]) => lock)],
  });
  return new Map(rows.map(({ rid, ver, deleted }) => [rid, { ver, deleted }]));
}

/** LATERAL makes the planner visit the rows in the order of the arrays, each with its own lock. */
const lockRowsInOrder = `
  SELECT w.rid, coalesce(k.ver, s.ver, u.ver, d.ver) AS ver, coalesce(k.deleted, s.deleted, u.deleted, d.deleted) AS deleted
  FROM unnest($1::bigint[], $2::int[]) AS w(rid, lock)
  LEFT JOIN LATERAL (SELECT ver, deleted FROM resource r WHERE r.rid = w.rid AND w.lock = 1 FOR KEY SHARE) k ON true
  LEFT JOIN LATERAL (SELECT ver, deleted FROM resource r WHERE r.rid = w.rid AND w.lock = 2 FOR SHARE) s ON true
  LEFT JOIN LATERAL (SELECT ver, deleted FROM resource r WHERE r.rid = w.rid AND w.lock = 3 FOR NO KEY UPDATE) u ON true
  LEFT JOIN LATERAL (SELECT ver, deleted FROM resource r WHERE r.rid = w.rid AND w.lock = 4 FOR UPDATE) d ON true
  WHERE coalesce(k.ver, s.ver, u.ver, d.ver) IS NOT NULL`;

function wantedLocks(list: CommitList): Map<Rid, Lock> {
  const wanted = new Map<Rid, Lock>();
  const want = (rid: Rid, lock: Lock) => {
    if ((wanted.get(rid) ?? 0) < lock) {
      wanted.set(rid, lock);
    }
  };
  for (const expectation of list.expect) {
    if (expectation.kind === 'version') {
      want(expectation.rid, lockFor.share);
    } else if (expectation.kind === 'exists') {
      want(expectation.rid, lockFor.keyShare);
    } else if (expectation.kind === 'unreferenced') {
      want(expectation.rid, lockFor.delete);
    }
  }
  for (const { rid, ver, op } of list.writes) {
    // What is not there yet cannot be locked: of two that create it, the unique index lets one.
    if (ver > 1) {
      want(rid, op === 'delete' ? lockFor.delete : lockFor.update);
    }
  }
  for (const { via } of list.links) {
    want(via, lockFor.update);
  }
  return wanted;
}

/**
 * Of two lists with the same `no-match` condition, or that start the same consumer of the feed, one waits:
 * there is no row yet to lock. Taken before any row lock, in one order.
 */
export async function lockNames(client: pg.ClientBase, list: CommitList): Promise<void> {
  const names = list.expect.flatMap(expectation => {
    if (expectation.kind === 'no-match') {
      return [`condition ${expectation.condition.lock}`];
    }
    return expectation.kind === 'cursor' ? [`cursor ${expectation.name}`] : [];
  });
  if (names.length > 0) {
    await client.query(
      `SELECT pg_advisory_xact_lock(key) FROM
        (SELECT DISTINCT hashtextextended(name, 0) AS key FROM unnest($1::text[]) AS n(name) ORDER BY key) AS k`,
      [names],
    );
  }
}
