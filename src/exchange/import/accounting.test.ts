import type { Resource } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../../../test/harness/databases.ts';
import { bundle, type ImportBench, ndjson, startImportBench } from './import.harness.ts';

/** An entry that refers to others by their place, in whatever file these are. */
interface Drawn {
  refers: number[];
  bad: boolean;
  file: number;
}

const drawn: fc.Arbitrary<Drawn[]> = fc.array(
  fc.record({
    refers: fc.array(fc.nat(25), { maxLength: 2 }),
    bad: fc.integer({ min: 0, max: 5 }).map(n => n === 0),
    file: fc.nat(3),
  }),
  { minLength: 1, maxLength: 25 },
);

/** What can be loaded: all that is right and refers, directly or not, only to what is right. */
function loadable(entries: readonly Drawn[]): Set<number> {
  const good = new Set(entries.flatMap((entry, at) => (entry.bad ? [] : [at])));
  for (let before = -1; before !== good.size; ) {
    before = good.size;
    for (const at of good) if (entries[at]?.refers.some(other => !good.has(other))) good.delete(at);
  }
  return good;
}

function resourceOf({ refers, bad }: Drawn, at: number, run: string): Resource {
  const extension = refers.map(other => ({
    url: 'urn:example:to',
    valueReference: { reference: `Basic/${run}-${other}` },
  }));
  const created = bad ? 'some day' : '2024-05-06';
  return {
    resourceType: 'Basic',
    id: `${run}-${at}`,
    code: { text: 'anything' },
    created,
    ...(extension.length > 0 ? { extension } : {}),
  };
}

eachDatabase('hub import of anything', database => {
  let bench: ImportBench;
  beforeAll(async () => {
    bench = await startImportBench(database);
  });
  afterAll(() => bench.stop());

  let runs = 0;

  it('loads all that can be loaded, whatever the order, and accounts for every entry', async () => {
    await fc.assert(
      fc.asyncProperty(drawn, fc.boolean(), async (entries, keepsIds) => {
        const run = `run${++runs}`;
        const as = keepsIds ? 'loader' : 'other';
        const inFile = (file: number) =>
          entries.flatMap((one, at) => (one.file === file ? [resourceOf(one, at, run)] : []));
        const files = {
          'a.ndjson': ndjson(...inFile(0)),
          'b.json': bundle(
            'collection',
            inFile(1).map(resource => ({ resource })),
          ),
          'c.ndjson': ndjson(...inFile(2)),
          ...Object.fromEntries(inFile(3).map(one => [`d/${one.id}.json`, one])),
        };
        const expected = loadable(entries).size;
        const { counts, refused } = await bench.load(files, { as });
        const none = { updated: 0, unchanged: 0, deleted: 0 };
        expect(counts).toEqual({ ...none, created: expected, refused: entries.length - expected });
        expect(refused).toHaveLength(counts.refused);
        // What is imported already is found as it is; what was refused is tried, and refused, again.
        const again = await bench.load(files, { as, restart: true });
        expect(again.counts).toEqual({
          ...none,
          created: 0,
          unchanged: expected,
          refused: entries.length - expected,
        });
      }),
      { numRuns: 15 },
    );
  });
});
