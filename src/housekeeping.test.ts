import { expect, it } from 'vitest';
import { fakeClock } from '../test/harness/clock.ts';
import { eachDatabase } from '../test/harness/databases.ts';
import { createHousekeeping } from './housekeeping.ts';

eachDatabase('housekeeping', database => {
  it('forgets what has expired, and leaves it to one of several processes', async () => {
    const store = await database.open();
    const clock = fakeClock();
    const expires = clock.now().getTime() + 60_000;
    await store.records.put({ kind: 'token', id: 'short', value: 1, expires, family: null });
    await store.records.put({ kind: 'token', id: 'lasting', value: 2, expires: null, family: null });
    clock.advance({ hours: 1 });
    const one = createHousekeeping(store, clock, { error: () => undefined });
    const other = createHousekeeping(store, clock, { error: () => undefined });
    expect(await one.run()).toBe(true);
    expect(await other.run()).toBe(false);
    expect(await store.records.get('token', 'short', 0)).toBeUndefined();
    expect((await store.records.get('token', 'lasting', 0))?.value).toBe(2);
  });
});
