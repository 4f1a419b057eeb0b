import { expect, it } from 'vitest';
import { eachDatabase } from '../../test/harness/databases.ts';
import type { Store, StoredRecord } from './store.ts';

const record = (more: Partial<StoredRecord> = {}): StoredRecord => ({
  kind: 'token',
  id: 'a',
  value: { n: [1, null, 'ü'] },
  expires: null,
  family: null,
  ...more,
});

eachDatabase('records, leases and numbers', database => {
  async function pair(): Promise<[Store, Store]> {
    const options = await database.options();
    return [await database.open(options), await database.open(options)];
  }

  it('keeps records until they expire or are removed', async () => {
    const { records } = await database.open();
    await records.put(record());
    await records.put(record({ id: 'b', expires: 100, family: 'f' }));
    await records.put(record({ id: 'c', family: 'f' }));
    await records.put(record({ kind: 'client', value: 'plain' }));
    expect(await records.get('token', 'a', 0)).toEqual(record());
    expect(await records.get('client', 'a', 0)).toEqual(record({ kind: 'client', value: 'plain' }));
    expect(await records.get('token', 'b', 99)).toEqual(record({ id: 'b', expires: 100, family: 'f' }));
    expect(await records.get('token', 'b', 100)).toBeUndefined();
    expect((await records.list('token', 99)).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect((await records.list('token', 100)).map(({ id }) => id)).toEqual(['a', 'c']);
    await records.put(record({ value: 2 }));
    expect((await records.get('token', 'a', 0))?.value).toBe(2);
    await records.sweep(100);
    expect(await records.get('token', 'b', 0)).toBeUndefined();
    await records.removeFamily('f');
    await records.remove('client', 'a');
    await records.remove('client', 'none');
    expect([await records.list('token', 0), await records.list('client', 0)]).toEqual([
      [record({ value: 2 })],
      [],
    ]);
  });

  it('inserts a record once, however many try, and again when it has expired', async () => {
    const stores = await pair();
    for (let round = 0; round < 10; round++) {
      const tries = Array.from({ length: 6 }, (_, at) =>
        (stores[at % 2] as Store).records.insert(record({ id: `r${round}`, value: at, expires: 50 }), 10),
      );
      expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
    }
    const [{ records }] = stores;
    expect(await records.insert(record({ id: 'r0', value: 'new', expires: 90 }), 49)).toBe(false);
    expect(await records.insert(record({ id: 'r0', value: 'new', expires: 90 }), 50)).toBe(true);
    expect(await records.get('token', 'r0', 60)).toMatchObject({ value: 'new', expires: 90 });
    await records.put(record({ id: 'forever' }));
    expect(await records.insert(record({ id: 'forever' }), 1e15)).toBe(false);
  });

  it('gives a lease to one holder at a time', async () => {
    const [a, b] = await pair();
    for (let round = 0; round < 10; round++) {
      const name = `lease-${round}`;
      const tries = ['x', 'y', 'z', 'w'].map((holder, at) =>
        (at % 2 ? a : b).leases.acquire(name, holder, 0, 10),
      );
      expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
    }
    const { leases } = a;
    expect(await leases.acquire('tick', 'x', 100, 10)).toBe(true);
    expect(await leases.acquire('tick', 'x', 105, 10)).toBe(true);
    expect(await leases.acquire('tick', 'y', 114, 10)).toBe(false);
    expect(await leases.acquire('tick', 'y', 115, 10)).toBe(true);
    await leases.release('tick', 'x');
    expect(await leases.acquire('tick', 'x', 116, 10)).toBe(false);
    await leases.release('tick', 'y');
    expect(await leases.acquire('tick', 'x', 116, 10)).toBe(true);
  });

  it('gives one number to a name that several register at once', async () => {
    const stores = await pair();
    const names = Array.from({ length: 40 }, (_, at) => `Task.p${at}`);
    const asked = await Promise.all(
      [0, 1, 2, 3].map(at => (stores[at % 2] as Store).params(names.slice(at * 5, at * 5 + 25))),
    );
    const all = await stores[0].params(names);
    expect([...all.values()].toSorted((a, b) => a - b)).toEqual(names.map((_, at) => at + 1));
    for (const some of asked) {
      expect([...some].every(([name, number]) => all.get(name) === number)).toBe(true);
      expect(some.size).toBe(25);
    }
    expect(await stores[1].params([...names, ...names])).toEqual(all);
    expect(await stores[1].params([])).toEqual(new Map());
  });

  it('gives each row number once, in any amount', async () => {
    const stores = await pair();
    const amounts = [1, 0, 999, 1, 1500, 3, 2500, 1];
    const given = await Promise.all(amounts.map((count, at) => (stores[at % 2] as Store).reserve(count)));
    expect(given.map(rids => rids.length)).toEqual(amounts);
    const all = given.flat();
    expect(new Set(all).size).toBe(all.length);
    expect(all.every(rid => Number.isSafeInteger(rid) && rid > 0)).toBe(true);
  });

  it('answers a ping, and refreshes statistics while it goes on', async () => {
    const store = await database.open();
    await Promise.all([store.analyze(), store.ping(), store.reserve(1), store.params(['a'])]);
    expect(await store.records.list('token', 0)).toEqual([]);
  });
});
