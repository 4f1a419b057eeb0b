import { afterAll, beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../../../test/harness/databases.ts';
import type { StoreOptions } from '../options.ts';
import { event, fill, meddle, numberOf, sealAll, tamper } from './audit.harness.ts';
import { batchSize } from './batch.ts';
import { openAuditStore } from './open.ts';
import type { AuditQuery, AuditStore } from './types.ts';
import { verify } from './verify.ts';

eachDatabase('the audit store', database => {
  let options: StoreOptions;
  let store: AuditStore;
  const open: AuditStore[] = [];
  const another = async (where: StoreOptions, durability: 'crash' | 'power' = 'crash') => {
    const opened = await openAuditStore(where, durability);
    open.push(opened);
    return opened;
  };

  beforeAll(async () => {
    options = await database.options();
    store = await another(options);
  });
  afterAll(() => Promise.all(open.map(one => one.close())));

  it('keeps events in order and finds them newest first', async () => {
    await Promise.all(Array.from({ length: 30 }, (_, number) => store.append([event(number)])));
    const found = async (query: Partial<AuditQuery>) =>
      (await store.search({ keys: [], limit: 100, ...query })).map(numberOf);
    const all = Array.from({ length: 30 }, (_, number) => 29 - number);
    expect(await found({})).toEqual(all);
    expect(await found({ keys: [['p:patient-4']] })).toEqual([24, 14, 4]);
    expect(await found({ keys: [['p:patient-4'], ['a:agent-0']] })).toEqual([24]);
    expect(await found({ keys: [['p:patient-4', 'p:patient-5']], limit: 3 })).toEqual([25, 24, 15]);
    const at = (number: number) => 1_700_000_000_000 + number;
    expect(await found({ from: at(27), to: at(28) })).toEqual([28, 27]);
    expect(await found({ kinds: ['search'] })).toEqual([]);
    expect(await found({ outcomes: ['success'], org: 'clinic', limit: 1 })).toEqual([29]);
    expect(await found({ org: 'other' })).toEqual([]);
    const [tenth] = await store.search({ keys: [], from: at(10), to: at(10), limit: 1 });
    expect(await store.read(tenth?.seq ?? 0)).toEqual(tenth);
    expect(await found({ start: tenth?.seq ?? 0 })).toEqual(all.slice(19));
    expect(await store.read(1_000_000)).toBeUndefined();
  });

  it('refuses to change or delete what is stored', async () => {
    await store.append([event(100)]);
    await sealAll(store);
    for (const [table, column] of [
      ['audit', 'seq'],
      ['audit_key', 'last'],
      ['audit_seal', 'last'],
    ]) {
      await expect(meddle(options, `DELETE FROM ${table}`)).rejects.toThrow('append-only');
      await expect(meddle(options, `UPDATE ${table} SET ${column} = ${column} + 1`)).rejects.toThrow(
        'append-only',
      );
    }
  });

  it('chains what several processes append at once, once each', async () => {
    const second = await another(options, 'power');
    const before = (await store.head()).rows;
    const writing = Array.from({ length: 300 }, (_, number) =>
      (number % 2 ? store : second).append([event(1000 + number), event(2000 + number)]),
    );
    const sealing = Array.from({ length: 20 }, (_, index) => (index % 2 ? store : second).seal(50));
    await Promise.all([...writing, ...sealing]);
    await sealAll(second);
    expect(await verify(store)).toMatchObject({ good: before + 600 });
    expect((await verify(store)).broken).toBeUndefined();
  });

  it('says when it cannot write', async () => {
    const closed = await openAuditStore(await database.options(), 'crash');
    await closed.close();
    await expect(closed.append([event(1)])).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it.each<[what: string, statement: string, good: number]>([
    [
      'one byte',
      `UPDATE audit SET batch = replace(batch, '"number":72,', '"number":79,') WHERE seq = 701`,
      70,
    ],
    [
      'the time',
      `UPDATE audit SET batch = replace(batch, '5 1700000000000 ', '5 1700000000001 ') WHERE seq = 1`,
      0,
    ],
    [
      'what it is found by',
      `UPDATE audit SET batch = replace(batch, 'p:patient-0', 'p:other') WHERE seq = 601`,
      60,
    ],
    ['its number', 'UPDATE audit SET seq = seq + 1 WHERE seq = 951', 95],
    [
      'an event taken out',
      `UPDATE audit SET batch = substr(batch, 1, length(batch) - 20) WHERE seq = 501`,
      50,
    ],
    ['a removed batch', 'DELETE FROM audit WHERE seq = 301', 30],
    [
      'a block removed with its seal',
      'DELETE FROM audit WHERE seq BETWEEN 201 AND 351; DELETE FROM audit_seal WHERE last = 351',
      20,
    ],
    [
      'a seal changed',
      `UPDATE audit_seal SET hashes = substr(hashes, 1, 100) || '*' || substr(hashes, 102) WHERE last = 351`,
      30,
    ],
    ['the end cut off', 'DELETE FROM audit WHERE seq > 851; DELETE FROM audit_seal WHERE last > 751', 80],
    ['the whole emptied', 'DELETE FROM audit; DELETE FROM audit_seal', 0],
  ])('finds %s', async (_what, statement, good) => {
    const where = await database.options();
    const kept = await another(where);
    await fill(kept, 0, 100, { size: 5, block: 4 });
    expect(await verify(kept)).toEqual({ good: 100, head: await kept.head() });
    await tamper(where, statement);
    const found = await verify(kept);
    expect(found.good).toBe(good);
    expect(found.broken?.seq).toBeGreaterThan(good);
  });

  it('finds an event that was slipped in', async () => {
    const where = await database.options();
    const kept = await another(where);
    await fill(kept, 0, 10, { size: 2 });
    await tamper(where, 'DELETE FROM audit WHERE seq = 101');
    await tamper(where, `INSERT INTO audit(seq, batch) VALUES (101, '1 0 0\n\n{}')`);
    expect((await verify(kept)).broken?.seq).toBe(101);
  });

  it('finds a chain that was made anew, by a head noted before', async () => {
    const where = await database.options();
    const kept = await another(where);
    await fill(kept, 0, 20, { size: 5 });
    const noted = await kept.head();
    await fill(kept, 20, 20, { size: 5 });
    expect((await verify(kept, [noted])).broken).toBeUndefined();
    const anew = `DELETE FROM audit_seal; DELETE FROM audit_key; UPDATE audit_head SET rows = 0, seq = 0, hash = ''`;
    await tamper(where, anew, `UPDATE audit SET batch = replace(batch, '"read"', '"search"') WHERE seq = 51`);
    await sealAll(kept);
    expect((await verify(kept)).broken).toBeUndefined();
    expect((await verify(kept, [noted])).broken?.seq).toBe(151);
    // Nor does it help to go past where the head was noted in one batch.
    const joined = `UPDATE audit SET batch = replace(batch, '5 17', '10 17') WHERE seq = 101`;
    await tamper(where, anew, 'DELETE FROM audit WHERE seq = 151', joined);
    await sealAll(kept);
    expect((await verify(kept, [{ ...noted, rows: 18 }])).broken?.seq).toBe(101);
    await tamper(
      where,
      `DELETE FROM audit; DELETE FROM audit_seal; UPDATE audit_head SET rows = 0, seq = 0, hash = ''`,
    );
    expect((await verify(kept, [noted])).broken?.why).toContain('cut off');
  });

  it('finds one altered byte among very many events', async () => {
    const many = process.env.CHECK_FULL ? 1_000_000 : 100_000;
    const where = await database.options();
    const kept = await another(where);
    await fill(kept, 0, many);
    const began = performance.now();
    expect(await verify(kept)).toMatchObject({ good: many });
    const took = performance.now() - began;
    const place = Math.floor(many * 0.73);
    const before = place - (place % batchSize);
    const [was, is] = [`"number":${place},"text":"A`, `"number":${place},"text":"B`];
    await tamper(
      where,
      `UPDATE audit SET batch = replace(batch, '${was}', '${is}') WHERE seq = ${before + 1}`,
    );
    expect(await verify(kept)).toMatchObject({ good: before, broken: { seq: before + 1 } });
    expect(took / many, 'milliseconds an event').toBeLessThan(0.1);
  }, 240_000);
});
