import { setImmediate } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { eachDatabase } from '../../test/harness/databases.ts';
import { systemClock as clock } from '../clock.ts';
import { event } from '../store/audit/audit.harness.ts';
import { openAuditStore } from '../store/audit/open.ts';
import type { AuditStore } from '../store/audit/types.ts';
import type { Store } from '../store/store.ts';
import { createSealer, notedHead, type Sealer } from './sealer.ts';

eachDatabase('the sealer', database => {
  let store: Store;
  let audit: AuditStore;
  let sealer: Sealer;
  let rounds = 0;

  beforeAll(async () => {
    store = await database.open();
    audit = await openAuditStore(await database.options(), 'crash');
  });
  afterAll(() => audit.close());
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    sealer = createSealer({ audit: counted(), store, clock, log: { error: failed } });
    rounds = 0;
  });
  afterEach(() => vi.useRealTimers());

  const failed = (error: object) => expect.fail(JSON.stringify(error));
  const noted = () => notedHead(store, clock);
  /** `vi.waitFor` would let the seconds pass meanwhile. */
  const until = async (done: () => Promise<boolean>) => {
    while (!(await done())) await setImmediate();
  };
  /** Each round begins by asking whether there is anything to seal. */
  const counted = (): Pick<AuditStore, 'seal' | 'head' | 'pending'> => ({
    seal: limit => audit.seal(limit),
    head: () => audit.head(),
    pending() {
      rounds += 1;
      return audit.pending();
    },
  });
  /** What is remembered of the database holds as long as this does. */
  const state = async () => {
    await setImmediate();
    return store.state();
  };

  it('seals each second, and notes the head after a minute', async () => {
    const before = await state();
    sealer.start();
    for (let second = 1; second < 60; second++) {
      if (second < 4) await audit.append([event(second)]);
      vi.advanceTimersByTime(1000);
      await until(async () => rounds === second && !(await audit.pending()));
    }
    expect(await noted()).toBeUndefined();
    expect(await state()).toBe(before);
    vi.advanceTimersByTime(1000);
    await until(async () => (await noted()) !== undefined);
    expect(await noted()).toEqual(await audit.head());
    expect((await audit.head()).rows).toBe(3);
    await sealer.stop();
  });

  it('notes the head when it stops, and another goes on', async () => {
    sealer.start();
    await audit.append([event(10)]);
    await sealer.stop();
    const head = await audit.head();
    expect(head.rows).toBe(4);
    expect(await noted()).toEqual(head);
    const next = createSealer({ audit, store, clock, log: { error: failed } });
    await audit.append([event(11)]);
    await next.seal();
    expect((await noted())?.rows).toBe(5);
    await next.stop();
  });
});
