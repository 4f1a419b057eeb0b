import fc from 'fast-check';
import { expect, it } from 'vitest';
import { eachDatabase } from '../../test/harness/databases.ts';
import { asSeenBy, listOf, version } from '../../test/harness/writes.ts';
import type { BoardEntry, BoardRequest, Store } from './store.ts';

const clinic = asSeenBy('clinic');
const statuses = ['requested', 'accepted', 'on-hold'];

eachDatabase('a board', database => {
  it('gives the visible rows of an owner, soonest due first, in pages without gaps', async () => {
    const store = await database.open();
    const rids = await store.reserve(60);
    const writes = rids.map((rid, at) =>
      version({
        rid,
        source: at % 5 === 0 ? 'elsewhere' : 'clinic',
        work: [{ owner: at % 3 === 0 ? 'b' : 'a', status: statuses[at % 3] ?? '', due: (at * 7) % 11 }],
      }),
    );
    await store.commit(listOf(writes));
    const gone = rids.slice(0, 4);
    await store.commit(listOf(gone.map(rid => version({ rid, ver: 2, op: 'delete' }))));
    const expected = (owner: string, wanted: readonly string[]) =>
      writes
        .filter(write => write.source === 'clinic' && !gone.includes(write.rid))
        .flatMap(({ rid, work }) => work.map(row => ({ rid, ...row })))
        .filter(row => row.owner === owner && wanted.includes(row.status))
        .sort((p, q) => p.due - q.due || p.rid - q.rid)
        .map(({ owner: _, ...row }) => row);
    await fc.assert(
      fc.asyncProperty(
        fc.subarray(statuses),
        fc.constantFrom('a', 'b', 'c'),
        fc.integer({ min: 1, max: 9 }),
        async (wanted, owner, limit) => {
          const rows = await pages(store, { owner, statuses: wanted, limit });
          expect(rows.map(({ rid, status, due }) => ({ rid, status, due }))).toEqual(expected(owner, wanted));
        },
      ),
      { numRuns: 30, seed: 7 },
    );
    const [first] = await store.board({ owner: 'a', statuses, limit: 1 }, clinic);
    expect(first).toMatchObject({
      type: 'Task',
      ver: 1,
      op: 'create',
      body: expect.stringContaining('Task'),
    });
  });
});

async function pages(store: Store, request: BoardRequest): Promise<BoardEntry[]> {
  const page = await store.board(request, clinic);
  expect(page.length).toBeLessThanOrEqual(request.limit);
  const last = page.at(-1);
  const more = last && page.length === request.limit;
  return more ? [...page, ...(await pages(store, { ...request, after: last }))] : page;
}
