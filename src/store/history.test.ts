import fc from 'fast-check';
import { expect, it } from 'vitest';
import { eachDatabase } from '../../test/harness/databases.ts';
import { asSeenBy, listOf, version } from '../../test/harness/writes.ts';
import type { HistoryRequest, VersionWrite } from './types.ts';

/** Enough that `clinic` reads the stream of all versions, and `friend` begins with the few that it sees. */
const size = 2200;
const types = ['Task', 'Patient', 'Goal'];

const requests: fc.Arbitrary<HistoryRequest & { org: string }> = fc.record(
  {
    org: fc.constantFrom('clinic', 'friend', 'stranger'),
    type: fc.constantFrom(...types, 'Basic'),
    since: fc.constantFrom(0, size - 30, size - 2100, size + 9, 2 * size),
    before: fc.constantFrom(1, 40, size, size + 20, 9999),
    count: fc.integer({ min: 1, max: 30 }),
  },
  { requiredKeys: ['org', 'count'] },
);

eachDatabase('history', database => {
  it('is the same whatever it is read from', async () => {
    const store = await database.open();
    const rids = await store.reserve(size);
    const first = rids.map((rid, at) => {
      const type = types[at % types.length] ?? '';
      return version({ rid, type, at, patient: `p${at % 500}`, source: at % 100 === 0 ? 'other' : 'clinic' });
    });
    // The second versions come in another order, the last ones deletions.
    const second = first
      .filter((_, at) => at % 50 === 0)
      .map((write, at) =>
        version({ ...write, ver: 2, op: at % 2 ? 'update' : 'delete', at: size + ((at * 7) % 20) }),
      );
    const [via = 0] = rids;
    const relation = { org: 'friend', labels: 0, starts: 0, ends: null };
    const links = [
      { via, relations: [{ ...relation, patient: 'p100' }], parties: [{ ...relation, rid: rids[7] ?? 0 }] },
    ];
    expect(await store.commit(listOf(first))).toMatchObject({ ok: true });
    expect(await store.commit(listOf(second, { links }))).toMatchObject({ ok: true });
    const sees = (org: string, { rid, source, patient }: VersionWrite) =>
      source === org || (org === 'friend' && (patient === 'p100' || rid === rids[7]));
    await fc.assert(
      fc.asyncProperty(requests, async ({ org, ...request }) => {
        const { type, since = 0, before = Number.POSITIVE_INFINITY, count } = request;
        const expected = [...first, ...second]
          .map((write, at) => ({ ...write, seq: at + 1 }))
          .filter(write => sees(org, write) && (type === undefined || write.type === type))
          .filter(({ at, seq }) => at >= since && seq < before)
          .reverse()
          .slice(0, count);
        const found = await store.history(request, asSeenBy(org));
        expect(found.map(({ seq, rid, ver }) => [seq, rid, ver])).toEqual(
          expected.map(({ seq, rid, ver }) => [seq, rid, ver]),
        );
      }),
      { numRuns: 150, seed: 5 },
    );
  });
});
