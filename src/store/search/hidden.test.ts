import { describe, expect, it } from 'vitest';
import { eachDatabase } from '../../../test/harness/databases.ts';
import { asSeenBy, listOf, noRows, version } from '../../../test/harness/writes.ts';
import type { Reader } from '../database.ts';
import type { Rid } from '../types.ts';
import { usualEffort } from './effort.ts';
import { search } from './search.ts';
import type { Filter, SearchQuery, TokenValue } from './types.ts';

const [subject, code, status] = [1, 2, 3];
const token = (param: number, value: TokenValue['code']): Filter => ({
  kind: 'token',
  param,
  any: [{ sys: null, code: value }],
});

/** The clinic's Tasks refer to two Patients: one it may see, and one that is another's. */
eachDatabase('what is hidden', database => {
  async function load() {
    const options = await database.options();
    const store = await database.open(options);
    const [seen = 0, hidden = 0, one = 0, two = 0] = await store.reserve(4);
    const patient = (rid: Rid, source: string) =>
      version({ rid, type: 'Patient', source, add: { ...noRows, tok: [[code, 'x', '']] } });
    const task = (rid: Rid, target: Rid, source = 'clinic') =>
      version({ rid, source, add: { ...noRows, tok: [[status, 'open', '']], ref: [[subject, target]] } });
    await store.commit(
      listOf([patient(seen, 'clinic'), patient(hidden, 'other'), task(one, seen), task(two, hidden)]),
    );
    return { reader: database.reader(options), store, seen, hidden, one, two, task };
  }

  const ask = (types: string[], filters: Filter[]): SearchQuery => ({
    types,
    filters,
    sort: [{ kind: 'lastUpdated', descending: true }],
    count: 10,
    total: 'accurate',
  });

  const found = async (reader: Reader, query: SearchQuery, effort: typeof usualEffort, org = 'clinic') => {
    const { entries, total } = await search(reader, query, asSeenBy(org), effort);
    expect(total).toBe(entries.length);
    return entries.map(entry => entry.rid);
  };

  /** Driven from the filter, from a stream, and from what can be seen. */
  describe.each([
    usualEffort,
    { few: 0, small: 0, large: 0, trial: 100 },
    { few: 0, small: 1, large: 100, trial: 1 },
  ])('with %o', effort => {
    it('satisfies no chain', async () => {
      const { reader, one, two } = await load();
      const chain: Filter = { kind: 'chain', param: subject, types: ['Patient'], filter: token(code, 'x') };
      expect(await found(reader, ask(['Task'], [chain]), effort)).toEqual([one]);
      expect(await found(reader, ask(['Task'], [chain, token(status, 'open')]), effort)).toEqual([one]);
      expect(
        await found(reader, ask(['Task'], [{ kind: 'or', filters: [chain, token(status, 'none')] }]), effort),
      ).toEqual([one]);
      const through: Filter = { kind: 'has', type: 'Task', param: subject, filter: chain };
      expect(await found(reader, ask(['Patient'], [through]), effort, 'other')).toEqual([]);
      expect(await found(reader, ask(['Task'], [token(status, 'open')]), effort)).toEqual([two, one]);
    });

    it('satisfies no _has', async () => {
      const { reader, store, seen, hidden, task } = await load();
      const has: Filter = { kind: 'has', type: 'Task', param: subject, filter: token(status, 'open') };
      expect(await found(reader, ask(['Patient'], [has]), effort)).toEqual([seen]);
      expect(await found(reader, ask(['Patient'], [has]), effort, 'other')).toEqual([]);
      const [third = 0] = await store.reserve(1);
      await store.commit(listOf([task(third, hidden, 'other')]));
      expect(await found(reader, ask(['Patient'], [has, token(code, 'x')]), effort, 'other')).toEqual([
        hidden,
      ]);
    });
  });
});
