import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { expect, it } from 'vitest';
import { eachDatabase } from '../../test/harness/databases.ts';
import { listOf, version } from '../../test/harness/writes.ts';
import type { Store } from './store.ts';
import type { FeedCursor, FeedRow, Rid } from './types.ts';

eachDatabase('the change feed', database => {
  it('gives each write once, in order, and leaves quiet ones out', async () => {
    const store = await database.open();
    expect([await store.feed.read(null, 5), await store.feed.head(), await store.feed.cursor('bot')]).toEqual(
      [[], null, null],
    );
    const [a = 0, b = 0, c = 0] = await store.reserve(3);
    await store.commit(listOf([version({ rid: a }), version({ rid: b, quiet: true }), version({ rid: c })]));
    await store.commit(listOf([version({ rid: a, ver: 2 })]));
    await store.commit(listOf([version({ rid: a, ver: 3, op: 'delete' })]));
    const rows = await store.feed.read(null, 9);
    expect(rows.map(({ cursor: _, ...row }) => row)).toEqual([
      { type: 'Task', id: `id-${a}`, rid: a, ver: 1, op: 'create' },
      { type: 'Task', id: `id-${c}`, rid: c, ver: 1, op: 'create' },
      { type: 'Task', id: `id-${a}`, rid: a, ver: 2, op: 'update' },
      { type: 'Task', id: `id-${a}`, rid: a, ver: 3, op: 'delete' },
    ]);
    expect(await store.feed.head()).toEqual(rows[3]?.cursor);
    for (const [at, { cursor }] of rows.entries()) {
      expect(await store.feed.read(cursor, 2)).toEqual(rows.slice(at + 1, at + 3));
    }
    await store.commit(listOf([version({ rid: b, ver: 2, quiet: true })]));
    const head = await store.feed.head();
    expect(head?.seq).toBe(6);
    expect(await store.feed.read(rows[3]?.cursor ?? null, 9)).toEqual([]);
  });

  it('keeps the place of a consumer', async () => {
    const store = await database.open();
    const [rid = 0] = await store.reserve(1);
    await store.commit(listOf([version({ rid })]));
    const to = await store.feed.head();
    expect(to).not.toBeNull();
    if (to) {
      await store.commit(
        listOf([], { expect: [{ kind: 'cursor', name: 'bot', from: null }], cursor: { name: 'bot', to } }),
      );
    }
    expect(await store.feed.cursor('bot')).toEqual(to);
    expect(await store.feed.read(await store.feed.cursor('bot'), 9)).toEqual([]);
  });

  it('tells the listeners of this process after a commit that wrote something, until they leave', async () => {
    const store = await database.open();
    const [rid = 0] = await store.reserve(1);
    let heard = 0;
    const leave = store.feed.onCommit(() => {
      heard += 1;
    });
    await store.commit(listOf([version({ rid })]));
    await setTimeout(1);
    expect(heard).toBe(1);
    await store.commit(listOf([version({ rid })]));
    await setTimeout(1);
    expect(heard).toBe(1);
    leave();
    await store.commit(listOf([version({ rid, ver: 2 })]));
    await setTimeout(1);
    expect(heard).toBe(1);
  });

  it('skips and repeats nothing while several processes write', async () => {
    const options = await database.options();
    const stores = [await database.open(options), await database.open(options)];
    const written: { rid: Rid; ver: number }[] = [];
    const write = async (store: Store) => {
      const rids = await store.reserve(3);
      for (let ver = 1; ver <= 12; ver++) {
        await store.commit(listOf(rids.map(rid => version({ rid, ver }))));
        written.push(...rids.map(rid => ({ rid, ver })));
      }
    };
    let writing = true;
    const [reader] = stores;
    const follow = async (): Promise<FeedRow[]> => {
      const seen: FeedRow[] = [];
      while (writing || (await reader?.feed.read(seen.at(-1)?.cursor ?? null, 1))?.length) {
        seen.push(...((await reader?.feed.read(seen.at(-1)?.cursor ?? null, 7)) ?? []));
        await setTimeout(1);
      }
      return seen;
    };
    const following = [follow(), follow()];
    await Promise.all(Array.from({ length: 8 }, (_, at) => write(stores[at % 2] as Store)));
    writing = false;
    for (const seen of await Promise.all(following)) {
      const keys = seen.map(({ rid, ver }) => `${rid}/${ver}`);
      expect(new Set(keys).size).toBe(keys.length);
      expect(keys.toSorted()).toEqual(written.map(({ rid, ver }) => `${rid}/${ver}`).toSorted());
      for (const [rid, rows] of Map.groupBy(seen, row => row.rid)) {
        expect([rid, rows.map(row => row.ver)]).toEqual([rid, Array.from({ length: 12 }, (_, at) => at + 1)]);
      }
    }
  });

  if (database.name === 'postgres') {
    it('waits for a transaction that is still open and has the earlier number', async () => {
      const options = await database.options();
      const store = await database.open(options);
      const [early = 0, late = 0, last = 0] = await store.reserve(3);
      const other = new pg.Client({ connectionString: options.url });
      await other.connect();
      try {
        // A writer that has taken its sequence numbers, and has not committed yet.
        await other.query('BEGIN');
        await other.query(`WITH v AS (INSERT INTO version(rid, type, ver, at, op, actor, org)
            VALUES (${early}, 'Task', 1, 1, 'create', 'a', 'o') RETURNING seq),
          r AS (INSERT INTO resource(rid, type, id, ver, seq, updated, source, label, open, deleted)
            SELECT ${early}, 'Task', 'early', 1, seq, 1, 'clinic', 0, 0, 0 FROM v)
          INSERT INTO feed(seq, rid, ver, type, op, quiet) SELECT seq, ${early}, 1, 'Task', 'create', 0 FROM v`);
        await store.commit(listOf([version({ rid: late })]));
        await store.commit(listOf([version({ rid: last })]));
        expect(await store.feed.read(null, 9)).toEqual([]);
        expect(await store.feed.head()).toBeNull();
        await other.query('COMMIT');
      } finally {
        await other.end();
      }
      const seen: Rid[] = [];
      let after: FeedCursor | null = null;
      for (let page = await store.feed.read(after, 1); page[0]; page = await store.feed.read(after, 1)) {
        seen.push(page[0].rid);
        after = page[0].cursor;
      }
      expect(seen).toEqual([early, late, last]);
    });

    it('ends a transaction that is left open', async () => {
      const options = await database.options();
      await database.open(options);
      const { createPool } = await import('./postgres/pool.ts');
      const pool = createPool(options.url ?? '');
      const { rows } = await pool.query('SHOW idle_in_transaction_session_timeout');
      await pool.end();
      expect(rows).toEqual([{ idle_in_transaction_session_timeout: '10s' }]);
    });
  }
});
