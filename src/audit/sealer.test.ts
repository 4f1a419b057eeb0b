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

  beforeAll(async () => {
    store = await database.open();
    audit = await openAuditStore(await database.options(), 'crash');
  });
  afterAll(() => audit.close());
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    sealer = createSealer({ audit, store, clock, log: { error: failed } });
  });
  afterEach(() => vi.useRealTimers());

  const failed = (error: object) => expect.fail(JSON.stringify(error));
  const noted = () => notedHead(store, clock);
  const sealed = () => vi.waitFor(async () => expect(await audit.pending()).toBe(false));
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
      if (second < 4) await sealed();
    }
    await setImmediate();
    expect(await noted()).toBeUndefined();
    expect(await state()).toBe(before);
    vi.advanceTimersByTime(1000);
    await vi.waitFor(async () => expect(await noted()).toEqual(await audit.head()));
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
