import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { eachDatabase } from '../../test/harness/databases.ts';
import { asSeenBy, listOf, noRows, version } from '../../test/harness/writes.ts';
import type { Reader } from './database.ts';
import { indexTables } from './index-tables.ts';
import type { Store } from './store.ts';
import type { CommitList, Expectation, IndexRows, Rid } from './types.ts';

const clinic = asSeenBy('clinic');

eachDatabase('commit', database => {
  const tables = ['version', 'resource', 'feed', 'work', 'rel', 'party', 'cursor', ...indexTables];

  async function opened() {
    const options = await database.options();
    const store = await database.open(options);
    return { store, reader: database.reader(options) };
  }

  /** All rows of all tables. */
  async function contents(reader: Reader): Promise<Record<string, unknown[]>> {
    const all: Record<string, unknown[]> = {};
    for (const table of tables) {
      all[table] = await reader.all(sql`SELECT * FROM ${sql.table(table)} ORDER BY 1, 2, 3`);
    }
    return all;
  }

  async function create(store: Store, count: number): Promise<Rid[]> {
    const rids = await store.reserve(count);
    await applied(store, listOf(rids.map(rid => version({ rid }))));
    return rids;
  }

  it('keeps the others of lists that come together when one fails after it has written', async () => {
    const { store, reader } = await opened();
    const [first = 0, second = 0, third = 0, last = 0] = await store.reserve(4);
    const results = await Promise.all([
      store.commit(listOf([version({ rid: first })])),
      // Its second write is of a version that does not follow on what is stored.
      store.commit(listOf([version({ rid: second }), version({ rid: third, ver: 3 })])),
      store.commit(listOf([version({ rid: last })])),
    ]);
    expect(results).toMatchObject([
      { ok: true },
      { ok: false, failed: { kind: 'version', rid: third, ver: 2 } },
      { ok: true },
    ]);
    const rows = await reader.all<{ rid: Rid }>(sql`SELECT rid FROM resource ORDER BY rid`);
    expect(rows.map(({ rid }) => rid)).toEqual([first, last]);
  });

  it('writes the version, the current row, index, links, board, feed and cursor together', async () => {
    const { store, reader } = await opened();
    const [rid = 0, other = 0] = await store.reserve(2);
    const result = await store.commit(
      listOf(
        [
          version({
            rid,
            patient: 'p1',
            label: 5,
            open: true,
            add: everyTable(other),
            work: [{ owner: 'o', status: 's', due: 7 }],
          }),
          version({ rid: other, quiet: true, purpose: 'import' }),
        ],
        {
          links: [
            {
              via: rid,
              relations: [{ patient: 'p1', org: 'o', labels: 3, starts: 1, ends: 2 }],
              parties: [{ org: 'o', rid: other, labels: 0, starts: 1, ends: null }],
            },
          ],
          cursor: { name: 'bot', to: { xid: '0', seq: 12 } },
        },
      ),
    );
    expect(result).toEqual({ ok: true, seqs: [1, 2] });
    const all = await contents(reader);
    expect(all.version).toMatchObject([
      { seq: 1, rid, type: 'Task', ver: 1, op: 'create', actor: 'tester', org: 'clinic', purpose: null },
      { seq: 2, rid: other, ver: 1, purpose: 'import' },
    ]);
    expect(all.resource).toMatchObject([
      {
        rid,
        id: `id-${rid}`,
        ver: 1,
        seq: 1,
        patient: 'p1',
        label: 5,
        open: 1,
        deleted: 0,
        source: 'clinic',
      },
      { rid: other, patient: null, label: 0, open: 0 },
    ]);
    expect(all.feed).toMatchObject([
      { seq: 1, rid, ver: 1, type: 'Task', op: 'create', quiet: 0 },
      { seq: 2, rid: other, quiet: 1 },
    ]);
    expect(all.work).toEqual([{ owner: 'o', status: 's', due: 7, rid }]);
    expect(all.rel).toEqual([{ patient: 'p1', org: 'o', via: rid, labels: 3, starts: 1, ends: 2, opens: 1 }]);
    expect(all.party).toEqual([{ org: 'o', rid: other, via: rid, labels: 0, starts: 1, ends: null }]);
    expect(all.cursor).toMatchObject([{ name: 'bot', seq: 12 }]);
    expect(indexRowsOf(all, rid)).toEqual(everyTable(other));
  });

  it('adds and removes index rows, and replaces board rows and links, with a later version', async () => {
    const { store, reader } = await opened();
    const [rid = 0, other = 0] = await create(store, 2);
    const relation = { patient: 'p', org: 'o', labels: 0, starts: 0, ends: null };
    await applied(
      store,
      listOf(
        [version({ rid, ver: 2, add: everyTable(other), work: [{ owner: 'o', status: 's', due: 7 }] })],
        {
          links: [
            {
              via: rid,
              relations: [relation],
              parties: [{ org: 'o', rid: other, labels: 0, starts: 0, ends: null }],
            },
            { via: other, relations: [relation], parties: [] },
          ],
        },
      ),
    );
    const kept: IndexRows = { ...noRows, tok: [[1, 'kept', 'sys']] };
    await applied(
      store,
      listOf(
        [
          version({
            rid,
            ver: 3,
            remove: everyTable(other),
            add: kept,
            work: [{ owner: 'q', status: 't', due: 8 }],
          }),
        ],
        {
          links: [{ via: rid, relations: [{ ...relation, org: 'q' }], parties: [] }],
        },
      ),
    );
    const all = await contents(reader);
    expect(indexRowsOf(all, rid)).toEqual(kept);
    expect(all.work).toEqual([{ owner: 'q', status: 't', due: 8, rid }]);
    expect(all.party).toEqual([]);
    expect(all.rel).toEqual([
      { ...relation, via: other, opens: 1 },
      { ...relation, org: 'q', via: rid, opens: 1 },
    ]);
  });

  it('takes several versions of one resource in one list', async () => {
    const { store, reader } = await opened();
    const [rid = 0] = await store.reserve(1);
    const a: IndexRows = { ...noRows, tok: [[1, 'a', '']] };
    const writes = [
      version({ rid, add: a }),
      version({ rid, ver: 2, remove: a, add: { ...noRows, tok: [[1, 'b', '']] } }),
      version({ rid, ver: 3, op: 'delete', remove: { ...noRows, tok: [[1, 'b', '']] } }),
    ];
    const result = await store.commit(listOf(writes));
    expect(result).toMatchObject({ ok: true });
    expect(
      (await store.history({ type: 'Task', id: `id-${rid}`, count: 9 }, clinic)).map(row => row.ver),
    ).toEqual([3, 2, 1]);
    const all = await contents(reader);
    expect(all.tok).toEqual([]);
    expect(all.resource).toMatchObject([{ rid, ver: 3, deleted: 1 }]);
    expect(result.ok && result.seqs).toEqual([1, 2, 3]);
  });

  it('adds a row that is there already once, and the first of two relations of one organization', async () => {
    const { store, reader } = await opened();
    const [rid = 0] = await store.reserve(1);
    const rows: IndexRows = {
      ...noRows,
      str: [
        [1, 'same'],
        [1, 'same'],
      ],
      tok: [
        [1, 'a', ''],
        [1, 'a', ''],
      ],
    };
    const relation = { patient: 'p', org: 'o', labels: 0, starts: 0, ends: 5 };
    await applied(
      store,
      listOf([version({ rid, add: rows })], {
        links: [{ via: rid, relations: [relation, { ...relation, ends: 6 }], parties: [] }],
      }),
    );
    const all = await contents(reader);
    expect([all.str?.length, all.tok?.length]).toEqual([1, 1]);
    expect(all.rel).toEqual([{ ...relation, via: rid, opens: 1 }]);
  });

  it('keeps texts of any length and with any character', async () => {
    const { store, reader } = await opened();
    const [rid = 0] = await store.reserve(1);
    const odd = ['ü€😀'.repeat(5000), 'nul\0nul', '\'"\\{},', '\ud800'];
    const add: IndexRows = {
      ...noRows,
      tok: odd.map(text => [1, text, text] as const),
      str: odd.map(text => [2, text] as const),
      uri: odd.map(text => [3, text] as const),
      qty: odd.map(text => [4, text, 1.5, text] as const),
    };
    await applied(store, listOf([version({ rid, add })]));
    expect(await reader.all(sql`SELECT code FROM tok WHERE code = ${'\'"\\{},'}`)).toHaveLength(1);
    await applied(store, listOf([version({ rid, ver: 2, remove: add })]));
    const all = await contents(reader);
    expect(indexRowsOf(all, rid)).toEqual(noRows);
  });

  describe('expectations', () => {
    it('names the one that fails, and leaves nothing', async () => {
      const { store, reader } = await opened();
      const [live = 0, gone = 0, target = 0, referrer = 0, fresh = 0] = await store.reserve(5);
      await applied(store, listOf([live, gone, target].map(rid => version({ rid }))));
      await applied(store, listOf([version({ rid: gone, ver: 2, op: 'delete' })]));
      await applied(store, listOf([version({ rid: referrer, add: { ...noRows, ref: [[9, target]] } })]));
      await applied(store, listOf([], { cursor: { name: 'bot', to: { xid: '1', seq: 4 } } }));
      const before = await contents(reader);
      const query = sql`SELECT rid FROM resource WHERE id = ${`id-${live}`}`;
      const { sql: text, parameters } = query.compile(reader.dialect.compiler);
      const failing: Expectation[] = [
        { kind: 'version', rid: live, ver: 2 },
        { kind: 'version', rid: live, ver: 0 },
        { kind: 'version', rid: fresh + 1, ver: 1 },
        { kind: 'exists', rid: gone },
        { kind: 'exists', rid: fresh + 1 },
        { kind: 'unreferenced', rid: target, except: [live] },
        { kind: 'no-match', condition: { lock: 'x', sql: text, parameters } },
        { kind: 'cursor', name: 'bot', from: null },
        { kind: 'cursor', name: 'bot', from: { xid: '1', seq: 3 } },
        { kind: 'cursor', name: 'bot', from: { xid: '2', seq: 4 } },
        { kind: 'cursor', name: 'none', from: { xid: '1', seq: 4 } },
      ];
      for (const failed of failing) {
        const list = everything(fresh, live, [{ kind: 'exists', rid: live }, failed]);
        expect(await store.commit(list)).toEqual({ ok: false, failed });
      }
      expect(await contents(reader)).toEqual(before);
      const holding: Expectation[] = [
        { kind: 'version', rid: live, ver: 1 },
        { kind: 'version', rid: gone, ver: 2 },
        { kind: 'version', rid: fresh, ver: 0 },
        { kind: 'exists', rid: live },
        { kind: 'unreferenced', rid: target, except: [referrer] },
        { kind: 'unreferenced', rid: live, except: [] },
        { kind: 'no-match', condition: { lock: 'x', sql: text, parameters: ['id-none'] } },
        { kind: 'cursor', name: 'bot', from: { xid: '1', seq: 4 } },
        { kind: 'cursor', name: 'none', from: null },
      ];
      expect(await store.commit(everything(fresh, live, holding))).toMatchObject({ ok: true });
    });

    it('expects of a write that the resource is at the version before', async () => {
      const { store, reader } = await opened();
      const [rid = 0, fresh = 0] = await store.reserve(2);
      await applied(store, listOf([version({ rid })]));
      const before = await contents(reader);
      for (const [write, failed] of [
        [version({ rid, ver: 1 }), { kind: 'version', rid, ver: 0 }],
        [version({ rid, ver: 3 }), { kind: 'version', rid, ver: 2 }],
        [version({ rid: fresh + 1, ver: 2 }), { kind: 'version', rid: fresh + 1, ver: 1 }],
        [version({ rid: fresh, id: `id-${rid}` }), { kind: 'version', rid: fresh, ver: 0 }],
      ] as const) {
        expect(await store.commit(everything(fresh + 2, rid, [], [write]))).toEqual({ ok: false, failed });
      }
      expect(await contents(reader)).toEqual(before);
    });
  });
});

/** A list that changes all tables. */
function everything(
  fresh: Rid,
  target: Rid,
  expectations: readonly Expectation[],
  writes: CommitList['writes'] = [],
): CommitList {
  const work = [{ owner: 'o', status: 's', due: 1 }];
  return listOf([version({ rid: fresh, add: everyTable(target), work }), ...writes], {
    expect: expectations,
    links: [
      {
        via: fresh,
        relations: [{ patient: 'p', org: 'o', labels: 0, starts: 0, ends: null }],
        parties: [{ org: 'o', rid: target, labels: 0, starts: 0, ends: null }],
      },
    ],
    cursor: { name: 'bot', to: { xid: '7', seq: 7 } },
  });
}

/** One row in each index table. */
function everyTable(target: Rid): IndexRows {
  return {
    tok: [[1, 'code', 'sys']],
    ref: [[2, target]],
    str: [[3, 'norm']],
    dt: [[4, -5, 1_700_000_000_000]],
    num: [[5, 1.25]],
    qty: [[6, 'kg', 70.5, 'ucum']],
    uri: [[7, 'urn:x']],
    pos: [[8, 41.5, -71.25]],
    tuple: [[9, 0, 0, 'code', 'sys', 0, 0]],
  };
}

function indexRowsOf(all: Record<string, unknown[]>, rid: Rid): IndexRows {
  const of = (table: string, ...columns: string[]) =>
    (all[table] as Record<string, unknown>[])
      .filter(row => row.rid === rid)
      .map(row => columns.map(column => row[column]));
  return {
    tok: of('tok', 'param', 'code', 'sys'),
    ref: of('ref', 'param', 'target'),
    str: of('str', 'param', 'norm'),
    dt: of('dt', 'param', 'lo', 'hi'),
    num: of('num', 'param', 'val'),
    qty: of('qty', 'param', 'code', 'val', 'sys'),
    uri: of('uri', 'param', 'uri'),
    pos: of('pos', 'param', 'lat', 'lon'),
    tuple: of('tuple', 'param', 'part', 'grp', 'code', 'sys', 'lo', 'hi'),
  } as unknown as IndexRows;
}

async function applied(store: Store, list: CommitList): Promise<void> {
  expect(await store.commit(list)).toMatchObject({ ok: true });
}
