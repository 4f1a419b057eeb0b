import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ValueSet } from '@medplum/fhirtypes';
import { createTerminology } from '../src/fhir/terminology/create-terminology.ts';
import { importRelease } from '../src/fhir/terminology/import/import.ts';
import { loadPublished } from '../src/fhir/terminology/published.ts';
import type { Terminology } from '../src/fhir/terminology/terminology.ts';
import { openStore } from '../src/store/open.ts';
import { madeUpCodes } from './made-up-codes.ts';
import { atMost, type Figure, format, median, percentile, printFigures } from './table.ts';

const codes = 100_000;
const rounds = 60;
const url = 'urn:bench:codes';

/** What people type, from the first letter on, over all codes or a part of the hierarchy. */
const filters = ['d', 'dep', 'depress', 'acute dep', 'severe opioid with', 'sub enc', 'C4711', 'nothing'];

/** How fast codes are found in a code system of 100,000 codes in the database, and how fast it is imported. */
export async function benchTerminology(): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'hub-bench-terminology-'));
  const store = await openStore({ file: join(folder, 'hub.sqlite') });
  try {
    const started = performance.now();
    const release = { url, version: '1', about: { name: 'Made-up codes' }, concepts: madeUpCodes(codes) };
    await importRelease(store.terminology, release, { digest: 'bench', at: 0 });
    const imported = (codes / (performance.now() - started)) * 1000;
    const terminology = createTerminology({
      store,
      published: await loadPublished(join(folder, 'cache')),
      own: [],
      now: () => new Date(0),
      elapsed: () => performance.now(),
      onCommit: listener => store.feed.onCommit(listener),
    });
    const figures = [
      ...(await measure(terminology, 'all codes', all)),
      ...(await measure(terminology, 'a branch', branch)),
      { name: 'codes imported a second', value: imported, shown: format(imported) },
    ];
    const note = `$expand of the first 20 codes of ${format(codes)} in SQLite, ${rounds} times each`;
    return printFigures('terminology', note, figures);
  } finally {
    await store.close();
    await rm(folder, { recursive: true });
  }
}

const valueSet = (include: object): ValueSet => ({
  resourceType: 'ValueSet',
  status: 'active',
  compose: { include: [{ system: url, ...include }] },
});
const all = valueSet({});
const branch = valueSet({ filter: [{ property: 'concept', op: 'is-a', value: 'C3' }] });

async function measure(terminology: Terminology, what: string, of: ValueSet): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const filter of filters) {
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const started = performance.now();
      await terminology.expand({ valueSet: of, filter, offset: 0, count: 20 });
      times.push(performance.now() - started);
    }
    const p99 = percentile(times, 0.99);
    const shown = `p50 ${format(median(times))} ms, p99 ${format(p99)} ms`;
    figures.push({
      name: `filter “${filter}” in ${what}`,
      value: median(times),
      shown,
      floor: atMost(20, ' ms'),
    });
  }
  return figures;
}
