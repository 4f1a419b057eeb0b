import { sql } from 'kysely';
import pg from 'pg';
import { beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../../test/harness/databases.ts';
import { asSeenBy, listOf, noRows, version } from '../../test/harness/writes.ts';
import { compile, type Reader } from './database.ts';
import type { Store } from './store.ts';
import type { CommitList, CommitResult, Rid } from './types.ts';

const clinic = asSeenBy('clinic');
const rounds = 12;

/** Two processes at work on one database: each store has its own connections. */
eachDatabase('two committers', database => {
  let a: Store;
  let b: Store;
  let reader: Reader;
  beforeAll(async () => {
    const options = await database.options();
    a = await database.open(options);
    b = await database.open(options);
    reader = database.reader(options);
  });

  async function create(store: Store, count: number): Promise<Rid[]> {
    const rids = await store.reserve(count);
    expect(await store.commit(listOf(rids.map(rid => version({ rid }))))).toMatchObject({ ok: true });
    return rids;
  }

  const both = (stores: Store[], lists: CommitList[]): Promise<CommitResult[]> =>
    Promise.all(lists.map((list, at) => (stores[at % stores.length] as Store).commit(list)));

  const won = (results: readonly CommitResult[]) => results.filter(result => result.ok).length;

  it('that create the same id: one wins, the other is told the version', async () => {
    for (let round = 0; round < rounds; round++) {
      const [one = 0, two = 0] = [...(await a.reserve(1)), ...(await b.reserve(1))];
      const lists = [one, two].map(rid => listOf([version({ rid, id: `same-${round}` })]));
      const results = await both([a, b], lists);
      expect(won(results)).toBe(1);
      const lost = results[0]?.ok ? 1 : 0;
      const rid = [one, two][lost];
      expect(results[lost]).toEqual({ ok: false, failed: { kind: 'version', rid, ver: 0 } });
    }
  });

  it('that create several ids in opposite order: one list wins whole', async () => {
    for (let round = 0; round < rounds; round++) {
      const ids = Array.from({ length: 6 }, (_, at) => `${round}-${at}`);
      const mine = (await a.reserve(6)).map((rid, at) => version({ rid, id: ids[at] ?? '' }));
      const theirs = (await b.reserve(6)).map((rid, at) => version({ rid, id: ids.toReversed()[at] ?? '' }));
      expect(won(await both([a, b], [listOf(mine), listOf(theirs)]))).toBe(1);
      const rows = await a.history({ count: 6 }, clinic);
      expect(new Set(rows.map(row => mine.some(write => write.rid === row.rid))).size).toBe(1);
    }
  });

  it('that update one version: one wins', async () => {
    const [rid = 0] = await create(a, 1);
    for (let ver = 2; ver < 2 + rounds; ver++) {
      const results = await both([a, b], [listOf([version({ rid, ver })]), listOf([version({ rid, ver })])]);
      expect(won(results)).toBe(1);
    }
    expect(await b.history({ type: 'Task', id: `id-${rid}`, count: 99 }, clinic)).toHaveLength(rounds + 1);
  });

  it('with the same conditional create: one wins', async () => {
    const stores = [a, b];
    for (let round = 0; round < rounds; round++) {
      const query = sql`SELECT rid FROM tok WHERE param = 1 AND code = ${`mrn-${round}`}`;
      const condition = { lock: `mrn-${round}`, ...compile(reader.dialect, query) };
      const lists = await Promise.all(
        [0, 1, 2, 3].map(async at => {
          const [rid = 0] = await (stores[at % 2] as Store).reserve(1);
          const add = { ...noRows, tok: [[1, `mrn-${round}`, '']] as const };
          return listOf([version({ rid, add })], { expect: [{ kind: 'no-match', condition }] });
        }),
      );
      const results = await both(stores, lists);
      expect(won(results)).toBe(1);
      expect(results.find(result => !result.ok)).toEqual({
        ok: false,
        failed: { kind: 'no-match', condition },
      });
    }
  });

  it('that refer to a resource and delete it: one wins', async () => {
    for (let round = 0; round < rounds; round++) {
      const [target = 0] = await create(a, 1);
      const [rid = 0] = await b.reserve(1);
      const refer = listOf([version({ rid, add: { ...noRows, ref: [[1, target]] } })], {
        expect: [{ kind: 'exists', rid: target }],
      });
      const remove = listOf([version({ rid: target, ver: 2, op: 'delete' })], {
        expect: [{ kind: 'unreferenced', rid: target, except: [] }],
      });
      expect(won(await both([a, b], round % 2 ? [refer, remove] : [remove, refer]))).toBe(1);
    }
  });

  it('that each read what the other writes: one wins, so no decision rests on what has changed', async () => {
    const [x = 0, y = 0] = await create(a, 2);
    for (let ver = 1; ver <= rounds; ver++) {
      const expectBoth = [x, y].map(rid => ({ kind: 'version', rid, ver }) as const);
      const lists = [x, y].map(rid => listOf([version({ rid, ver: ver + 1 })], { expect: expectBoth }));
      const results = await both([a, b], lists);
      expect(won(results)).toBe(1);
      const behind = results[0]?.ok ? y : x;
      await a.commit(listOf([version({ rid: behind, ver: ver + 1 })]));
    }
  });

  it('that refer to one organization while it changes do not stand in each other’s way', async () => {
    const [organization = 0] = await create(a, 1);
    const rids = await a.reserve(20);
    const lists = rids.map((rid, at) =>
      at === 10
        ? listOf([version({ rid: organization, ver: 2 })])
        : listOf([version({ rid })], { expect: [{ kind: 'exists', rid: organization }] }),
    );
    expect(won(await both([a, b], lists))).toBe(20);
  });

  it('that replace the links of one resource: the later ones stand alone', async () => {
    const [via = 0] = await create(a, 1);
    for (let round = 0; round < rounds; round++) {
      const lists = ['x', 'y', 'z'].map(org =>
        listOf([], {
          links: [{ via, relations: [{ patient: 'p', org, labels: 0, starts: 0, ends: null }], parties: [] }],
        }),
      );
      expect(won(await both([a, b], lists))).toBe(3);
      const open = await Promise.all(['x', 'y', 'z'].map(org => a.opensRecord('p', org, 1)));
      expect(open.filter(Boolean)).toHaveLength(1);
    }
  });

  it('that move one consumer of the feed: one wins', async () => {
    let from: { xid: string; seq: number } | null = null;
    for (let seq = 1; seq <= rounds; seq++) {
      const to = { xid: '0', seq };
      const move = listOf([], {
        expect: [{ kind: 'cursor', name: 'bot', from }],
        cursor: { name: 'bot', to },
      });
      expect(won(await both([a, b], [move, move]))).toBe(1);
      from = to;
    }
    expect(await b.feed.cursor('bot')).toEqual(from);
  });

  it('whose lists touch the same resources in any order all get through', async () => {
    const rids = await create(a, 6);
    const versions = new Map(rids.map(rid => [rid, 1]));
    const touch = async (store: Store, order: readonly Rid[]) => {
      for (let tries = 0; tries < 200; tries++) {
        const rows = await store.readMany(order, clinic);
        const writes = order.map(rid =>
          version({ rid, ver: (rows.find(row => row.rid === rid)?.ver ?? 0) + 1 }),
        );
        if ((await store.commit(listOf(writes))).ok) {
          for (const rid of order) {
            versions.set(rid, (versions.get(rid) ?? 0) + 1);
          }
          return;
        }
      }
      throw new Error('No attempt got through');
    };
    const orders = Array.from({ length: 16 }, (_, at) =>
      rids.toSorted((p, q) => ((p * 7 + at) % 5) - ((q * 3 + at) % 5)),
    );
    await Promise.all(orders.map((order, at) => touch(at % 2 ? a : b, order.slice(0, 3 + (at % 4)))));
    const rows = await a.readMany(rids, clinic);
    expect(new Map(rows.map(row => [row.rid, row.ver]))).toEqual(versions);
  });

  if (database.name === 'postgres') {
    it('applies a list again that was chosen to give way in a deadlock', async () => {
      const options = await database.options();
      const other = new pg.Client({ connectionString: options.url });
      await other.connect();
      try {
        // Who looks for the deadlock first gives way: the store.
        await other.query(`ALTER DATABASE ${other.database} SET deadlock_timeout = '1s'`);
        await other.query(`SET deadlock_timeout = '20s'`);
        const store = await database.open(options);
        const [first = 0, second = 0] = await create(store, 2);
        const lock = (rid: Rid) => other.query(`SELECT 1 FROM resource WHERE rid = ${rid} FOR UPDATE`);
        await other.query('BEGIN');
        await lock(second);
        const committing = store.commit(listOf([first, second].map(rid => version({ rid, ver: 2 }))));
        const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
        await expect.poll(async () => (await other.query(waiting)).rows.length, { interval: 5 }).toBe(1);
        await lock(first);
        await other.query('COMMIT');
        expect(await committing).toMatchObject({ ok: true });
      } finally {
        await other.end();
      }
    });
  }
});
