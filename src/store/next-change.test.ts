import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { eachDatabase } from '../../test/harness/databases.ts';
import { sqlite } from './capabilities.ts';
import { type Compiled, compile, type Reader } from './database.ts';
import { nextChange } from './next-change.ts';
import { read } from './reads.ts';

eachDatabase('when what an organization may see changes by itself', database => {
  it('is when the next relationship or clearance begins or ends', async () => {
    const store = await database.open();
    const [via = 0] = await store.reserve(1);
    const row = (patient: string, starts: number, ends: number | null) => ({
      patient,
      org: 'center',
      labels: 0,
      starts,
      ends,
    });
    expect(await store.nextChange('center', 0)).toBeUndefined();
    const relations = [row('a', 10, 50), row('b', 30, null), row('c', 5, 20)];
    await store.commit({ expect: [], writes: [], links: [{ via, relations, parties: [] }] });
    const next = [0, 5, 10, 20, 30, 50].map(now => store.nextChange('center', now));
    expect(await Promise.all(next)).toEqual([5, 10, 20, 30, 50, undefined]);
    expect(await store.nextChange('other', 0)).toBeUndefined();
    // What is cleared for all that no consent names concerns everybody.
    const general = { patient: 'd', level: 'record', org: '', excepted: [], discloser: '' } as const;
    const clearances = [{ ...general, labels: 1, starts: 0, ends: 15 }];
    await store.commit({
      expect: [],
      writes: [],
      links: [{ via: via + 1, relations: [], parties: [], clearances }],
    });
    expect(await store.nextChange('other', 0)).toBe(15);
    expect(await store.nextChange('center', 10)).toBe(15);
  });

  it.runIf(database.name === 'sqlite')('is one step in an index, which nothing else walks', async () => {
    const options = await database.options();
    await database.open(options);
    const { file = '' } = options;
    const plans = await plansOf(file, async reader => {
      await nextChange(reader, 'center', 0);
      await read(reader, { type: 'Task', id: '1' }, { organization: 'center', now: 0, types: '*' });
    });
    const [next = [], point = []] = plans;
    expect(next.filter(step => /_(starts|ends) \(org=\? AND <expr>>\?\)/.test(step))).toHaveLength(8);
    expect(point).toContainEqual(expect.stringMatching(/party_rid|PRIMARY KEY \(org=\? AND rid=\?\)/));
    expect(point.join('\n')).not.toMatch(/_(starts|ends) /);
  });
});

/** How SQLite goes about each query of some work: the steps of its plan. */
async function plansOf(file: string, work: (reader: Reader) => Promise<void>): Promise<string[][]> {
  const db = new DatabaseSync(file, { readOnly: true });
  const plans: string[][] = [];
  await work({
    dialect: sqlite,
    all: async query => {
      const { sql, parameters } = compile(sqlite, query) as Compiled & { parameters: string[] };
      const steps = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters);
      plans.push(steps.map(step => String(step.detail)));
      return [];
    },
  });
  db.close();
  return plans;
}
