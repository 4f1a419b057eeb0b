import { beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../../../test/harness/databases.ts';
import type { Store } from '../store.ts';
import type { StoredAccount, StoredSession } from './types.ts';

const account = (id: string): StoredAccount => ({
  id,
  email: `${id}@clinic.example`,
  name: id,
  practitioner: `p-${id}`,
  password: null,
  totp: null,
  suspended: false,
  created: 1,
});
const session = (hash: string, of: string, more: Partial<StoredSession> = {}): StoredSession => ({
  hash,
  account: of,
  organization: 'clinic',
  factor: false,
  started: 0,
  seen: 0,
  expires: 100,
  address: null,
  browser: null,
  ...more,
});

eachDatabase('accounts in the store', database => {
  let store: Store;
  beforeAll(async () => {
    store = await database.open();
  });

  it('have an address each', async () => {
    const results = await Promise.all(
      [1, 2, 3].map(n => store.accounts.add({ ...account('one'), id: `one-${n}` })),
    );
    expect(results.filter(Boolean).length).toBe(1);
    expect(await store.accounts.byEmail('one@clinic.example')).toMatchObject({
      name: 'one',
      suspended: false,
    });
  });

  it('end the sessions of the organization that suspends, and no others', async () => {
    await store.accounts.add(account('two'));
    await store.accounts.startSession(session('s1', 'two'));
    await store.accounts.startSession(session('s2', 'two', { organization: 'other' }));
    await store.accounts.startSession(session('s3', 'two', { organization: null }));
    await store.accounts.suspendMembership('two', 'clinic', true);
    expect((await store.accounts.sessions('two', 1)).map(one => one.hash).sort()).toEqual(['s2', 's3']);
    await store.accounts.suspend('two', true);
    expect(await store.accounts.sessions('two', 1)).toEqual([]);
  });

  it('do not bring back a session that ended while it was renewed', async () => {
    await store.accounts.add(account('three'));
    await store.accounts.startSession(session('old', 'three'));
    await store.accounts.endSession('old');
    expect(await store.accounts.replaceSession('old', session('new', 'three'))).toBe(false);
    expect(await store.accounts.session('new', 1)).toBeUndefined();
  });

  it('take a step, a recovery code and a link once, however many come at the same time', async () => {
    await store.accounts.add(account('four'));
    await store.accounts.setFactor('four', 'sealed', ['code']);
    await store.accounts.addLink({ hash: 'link', account: 'four', purpose: 'reset', expires: 100 });
    const five = [1, 2, 3, 4, 5];
    const once = async (work: () => Promise<unknown>) =>
      (await Promise.all(five.map(work))).filter(Boolean).length;
    expect(await once(() => store.accounts.useStep('four', 7))).toBe(1);
    expect(await once(() => store.accounts.useRecovery('four', 'code'))).toBe(1);
    expect(await once(() => store.accounts.takeLink('link', 1))).toBe(1);
    expect(await store.accounts.useStep('four', 6)).toBe(false);
  });

  it('wait twice as long each time, up to the longest, and forget', async () => {
    const patience = { free: 2, first: 10, longest: 35, memory: 1000 };
    const waits: number[] = [];
    let now = 0;
    for (let tries = 0; tries < 6; tries++) {
      expect(await store.accounts.attempt('name', patience, now)).toBeUndefined();
      const until = (await store.accounts.attempt('name', patience, now)) ?? now;
      if (tries > 0) waits.push(until - now);
      now = until;
      if (tries === 0) await store.accounts.refund('name', now);
    }
    expect(waits).toEqual([10, 20, 35, 35, 35]);
    expect(await store.accounts.attempt('name', patience, now + 2000)).toBeUndefined();
    expect(await store.accounts.attempt('name', patience, now + 2000)).toBeUndefined();
  });

  it('forget what has expired', async () => {
    await store.accounts.add(account('five'));
    await store.accounts.startSession(session('short', 'five'));
    await store.accounts.startSession(session('long', 'five', { expires: 1000 }));
    await store.accounts.addDevice({ hash: 'device', account: 'five', expires: 100 });
    await store.accounts.sweep(500);
    expect((await store.accounts.sessions('five', 0)).map(one => one.hash)).toEqual(['long']);
    expect(await store.accounts.isDevice('device', 'five', 0)).toBe(false);
  });
});
