import type pg from 'pg';
import type { CommitList, Expectation } from '../types.ts';
import type { Standing } from './locks.ts';

/** The first expectation of the list that does not hold, judged on the locked rows. */
export async function firstFailure(
  client: pg.ClientBase,
  list: CommitList,
  standing: Standing,
): Promise<Expectation | undefined> {
  const held = await Promise.all(list.expect.map(expectation => holds(client, expectation, standing)));
  const first = held.indexOf(false);
  return first < 0 ? staleWrite(list, standing) : list.expect[first];
}

async function holds(client: pg.ClientBase, expectation: Expectation, standing: Standing): Promise<boolean> {
  switch (expectation.kind) {
    case 'version':
      return (standing.get(expectation.rid)?.ver ?? 0) === expectation.ver;
    case 'exists':
      return standing.get(expectation.rid)?.deleted === 0;
    case 'unreferenced': {
      const { rid, except } = expectation;
      const others = 'SELECT 1 FROM ref WHERE target = $1 AND rid <> ALL($2::bigint[]) LIMIT 1';
      return (await client.query(others, [rid, [rid, ...except]])).rows.length === 0;
    }
    case 'no-match': {
      const { sql, parameters } = expectation.condition;
      return (await client.query(sql, [...parameters])).rows.length === 0;
    }
    case 'cursor': {
      const place = 'SELECT xid::text AS xid, seq FROM cursor WHERE name = $1';
      const [row] = (await client.query<{ xid: string; seq: number }>(place, [expectation.name])).rows;
      const { from } = expectation;
      return from === null ? row === undefined : row?.xid === from.xid && row.seq === from.seq;
    }
  }
}

/** Each write is of the version after the current one, or after the one before it in the list. */
function staleWrite(list: CommitList, standing: Standing): Expectation | undefined {
  const versions = new Map([...standing].map(([rid, { ver }]) => [rid, ver]));
  for (const { rid, ver } of list.writes) {
    if ((versions.get(rid) ?? 0) !== ver - 1) {
      return { kind: 'version', rid, ver: ver - 1 };
    }
    versions.set(rid, ver);
  }
  return undefined;
}
