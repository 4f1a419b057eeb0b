import { describe, expect, it } from 'vitest';
import { eachDatabase } from '../../../test/harness/databases.ts';
import { asSeenBy, listOf, noRows, version } from '../../../test/harness/writes.ts';
import type { Reader } from '../database.ts';
import type { Store } from '../store.ts';
import type { Rid, VersionWrite } from '../types.ts';
import { usualEffort } from './effort.ts';
import { search } from './search.ts';
import type { SearchQuery, SortKey } from './types.ts';

const clinic = asSeenBy('clinic');
const ofTasks: SearchQuery = {
  types: ['Task'],
  filters: [],
  sort: [{ kind: 'lastUpdated', descending: true }],
  count: 3,
  total: 'none',
};
const byName: SortKey = { kind: 'param', param: 1, table: 'str', descending: false };

eachDatabase('pages', database => {
  async function loaded(writes: (rids: readonly Rid[]) => VersionWrite[], count: number) {
    const options = await database.options();
    const store = await database.open(options);
    const rids = await store.reserve(count);
    await store.commit(listOf(writes(rids)));
    return { store, rids, reader: database.reader(options) };
  }

  const named = (names: readonly string[]) => (rids: readonly Rid[]) =>
    rids.map((rid, at) => version({ rid, at: 100 + at, add: { ...noRows, str: [[1, names[at] ?? '']] } }));

  const idsOf = (page: { entries: readonly { rid: Rid }[] }) => page.entries.map(entry => entry.rid);

  /** By gathering, by a stream, and by a stream that is given up. */
  describe.each([
    usualEffort,
    { few: 0, small: 0, large: 0, trial: 100 },
    { few: 0, small: 0, large: 0, trial: 1 },
  ])('with %o', effort => {
    const page = (reader: Reader, query: SearchQuery, after?: string) =>
      search(reader, { ...query, ...(after !== undefined && { after }) }, clinic, effort);

    it('go on where they ended, though what came before has changed', async () => {
      const { store, reader, rids } = await loaded(named(['a', 'b', 'c', 'd', 'e', 'f', 'g']), 7);
      const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0] = rids;
      const query = { ...ofTasks, sort: [byName] };
      const first = await page(reader, query);
      expect(idsOf(first)).toEqual([a, b, c]);
      const [early = 0, late = 0] = await store.reserve(2);
      await store.commit(
        listOf([
          // New before and after the place, the last shown one moved away, and one that is still to come gone.
          ...named(['aa'])([early]),
          ...named(['dd'])([late]),
          version({
            rid: c,
            ver: 2,
            add: { ...noRows, str: [[1, 'z']] },
            remove: { ...noRows, str: [[1, 'c']] },
          }),
          version({ rid: e, ver: 2, op: 'delete', remove: { ...noRows, str: [[1, 'e']] } }),
        ]),
      );
      const second = await page(reader, query, first.next);
      expect(idsOf(second)).toEqual([d, late, f]);
      const third = await page(reader, query, second.next);
      expect(idsOf(third)).toEqual([g, c]);
      expect(third.next).toBeUndefined();
    });

    it('tell what has the same value apart by its number, and put what has none last', async () => {
      const { reader, rids } = await loaded(named(['x', 'x', 'x', 'x', 'a']), 5);
      const [one = 0, two = 0, three = 0, four = 0, a = 0] = rids;
      const up = { ...ofTasks, sort: [byName], count: 2 };
      const first = await page(reader, up);
      expect(idsOf(first)).toEqual([a, one]);
      expect(idsOf(await page(reader, up, first.next))).toEqual([two, three]);
      const down = { ...up, sort: [{ ...byName, descending: true }] };
      expect(idsOf(await page(reader, down))).toEqual([four, three]);
      const other = { ...up, sort: [{ ...byName, param: 2 }], count: 10 };
      expect(idsOf(await page(reader, other))).toEqual([one, two, three, four, a]);
    });
  });

  it('show the last changed first, and count only when asked', async () => {
    const { reader, rids } = await loaded(named(['a', 'b', 'c', 'd']), 4);
    const first = await search(reader, ofTasks, clinic);
    expect(idsOf(first)).toEqual(rids.toReversed().slice(0, 3));
    expect(first.total).toBeUndefined();
    expect(first.entries[0]).toMatchObject({ type: 'Task', ver: 1, at: 103, op: 'create' });
    expect(JSON.parse(first.entries[0]?.body ?? '')).toMatchObject({ resourceType: 'Task' });
    expect(await search(reader, { ...ofTasks, count: 0, total: 'accurate' }, clinic)).toEqual({
      entries: [],
      total: 4,
    });
  });

  it('are empty for types that are not in scope', async () => {
    const { reader } = await loaded(named(['a']), 1);
    const scoped = asSeenBy('clinic', { types: ['Patient'] });
    expect(await search(reader, { ...ofTasks, total: 'accurate' }, scoped)).toEqual({
      entries: [],
      total: 0,
    });
  });

  it('let the hub itself see everything', async () => {
    const { reader } = await loaded(named(['a', 'b']), 2);
    const hub = asSeenBy('hub', { internal: true });
    const found = await search(reader, { ...ofTasks, sort: [byName], total: 'accurate' }, hub);
    expect(found).toMatchObject({ total: 2 });
    expect((await search(reader, { ...ofTasks, total: 'accurate' }, asSeenBy('hub'))).total).toBe(0);
  });

  it('estimate a large total from a sample', async () => {
    const { reader } = await loaded(
      rids => rids.map(rid => version({ rid, source: rid % 2 ? 'clinic' : 'other' })),
      400,
    );
    const effort = { few: 0, small: 50, large: 300, trial: 10 };
    const { total = 0 } = await search(reader, { ...ofTasks, total: 'estimate' }, clinic, effort);
    expect(total).toBeGreaterThanOrEqual(150);
    expect(total).toBeLessThanOrEqual(250);
  });

  it.each([
    ['nothing', ''],
    ['noise', 'abc!'],
    ['another shape', Buffer.from('{"a":1}').toString('base64url')],
    ['too few values', Buffer.from('[5]').toString('base64url')],
    ['too many values', Buffer.from('[1,2,5]').toString('base64url')],
    ['a value of another kind', Buffer.from('["1",5]').toString('base64url')],
    ['a number that is none', Buffer.from('[1,1e999]').toString('base64url')],
    ['no row number', Buffer.from('[1,null]').toString('base64url')],
  ])('refuse a place that is %s', async (_, after) => {
    const { reader } = await shared();
    await expect(search(reader, { ...ofTasks, after }, clinic)).rejects.toMatchObject({
      kind: 'invalid',
      problems: [{ expression: 'http._cursor' }],
    });
  });

  let first: Promise<{ store: Store; reader: Reader }> | undefined;
  function shared() {
    first ??= loaded(named(['a']), 1);
    return first;
  }

  it('give equal conditions one lock, whoever asks', async () => {
    const { store } = await shared();
    const token = (code: string) => ({ kind: 'token' as const, param: 1, any: [{ sys: 's', code }] });
    const lock = (code: string, org: string) =>
      store.condition({ ...ofTasks, filters: [token(code)] }, asSeenBy(org)).lock;
    expect(lock('a', 'clinic')).toBe(lock('a', 'other'));
    expect(lock('a', 'clinic')).not.toBe(lock('b', 'clinic'));
  });
});
