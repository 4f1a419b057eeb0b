import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../../test/harness/databases.ts';
import { openStore } from './open.ts';
import type { Store } from './store.ts';

eachDatabase('records that are recalled', database => {
  let store: Store;
  let other: Store;
  const token = { kind: 'token', id: 'a', value: { client: 'one' }, expires: 2000, family: 'f' };

  beforeAll(async () => {
    const options = await database.options();
    store = await openStore(options);
    other = await openStore(options);
  });
  afterAll(() => Promise.all([store.close(), other.close()]));

  const recalled = async (now = 1000) => {
    await setImmediate();
    return (await store.records.recall('token', 'a', now))?.value;
  };

  it('are as if read each time: put, changed, expired and removed, by this process or another', async () => {
    expect(await recalled()).toBeUndefined();
    await store.records.put(token);
    expect(await recalled()).toEqual({ client: 'one' });
    expect(await recalled(2000)).toBeUndefined();
    await other.records.put({ ...token, value: { client: 'two' } });
    expect(await recalled()).toEqual({ client: 'two' });
    await other.records.removeFamily('f');
    expect(await recalled()).toBeUndefined();
  });

  it('are not read again while nothing changes, where the database tells', async () => {
    await store.records.put(token);
    await setImmediate();
    const first = await store.records.recall('token', 'a', 1000);
    await setImmediate();
    const again = await store.records.recall('token', 'a', 1000);
    expect(again).toEqual(first);
    expect(again === first).toBe(database.name === 'sqlite');
  });
});
