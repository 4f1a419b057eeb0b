import { beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../../../../test/harness/databases.ts';
import type { Store } from '../../../store/store.ts';
import type { TerminologyStore } from '../../../store/terminology/store.ts';
import { terminologyOn } from '../terminology.harness.ts';
import { arrange } from './arrange.ts';
import { importRelease } from './import.ts';
import { concept, type Release } from './release.ts';

const url = 'urn:test:letters';
const release = (version: string, ...codes: string[]): Release => ({
  url,
  version,
  about: { name: 'Letters' },
  concepts: codes.map((code, at) =>
    concept(code, `Letter ${code}`, at > 0 ? { parents: [codes[0] ?? ''] } : {}),
  ),
});

/** A store whose process dies when so many parts have been written. */
function dying(store: TerminologyStore, after: number): TerminologyStore {
  let written = 0;
  return {
    ...store,
    async load(loading, concepts) {
      written++;
      if (written > after) throw new Error('killed');
      return store.load(loading, concepts);
    },
  };
}

eachDatabase('an import', database => {
  let store: Store;
  beforeAll(async () => {
    store = await database.open();
  });

  const held = async (code: string, version?: string) => {
    const terminology = await terminologyOn(store);
    return terminology.codeExists({ system: url, code, ...(version ? { version } : {}) });
  };
  const load = (it: Release, digest: string, terminology = store.terminology) =>
    importRelease(terminology, it, { digest, at: 0, batch: 2 });

  it('is not used before all of it is there, and goes on where it was cut short', async () => {
    const first = release('1', 'a', 'b', 'c', 'd', 'e', 'f', 'g');
    await expect(load(first, 'one', dying(store.terminology, 2))).rejects.toThrow('killed');
    expect(await held('a')).toBe('unknown');
    expect(await store.terminology.systems()).toEqual([]);
    const written: number[] = [];
    const counting: TerminologyStore = {
      ...store.terminology,
      load: (loading, concepts) => {
        written.push(loading.done);
        return store.terminology.load(loading, concepts);
      },
    };
    await load(first, 'one', counting);
    expect(written).toEqual([4, 6]);
    expect([await held('a'), await held('g'), await held('z')]).toEqual(['in', 'in', 'out']);
  });

  it('takes the place of the same version at once, and nothing of the old one is left', async () => {
    const replaced = release('1', 'a', 'x');
    await expect(load(release('1', 'a', 'y', 'z'), 'two', dying(store.terminology, 1))).rejects.toThrow(
      'killed',
    );
    expect([await held('b'), await held('y')]).toEqual(['in', 'out']);
    await load(replaced, 'three');
    expect([await held('b'), await held('x'), await held('y')]).toEqual(['out', 'in', 'out']);
    expect(await store.terminology.sweep(10)).toBe(false);
    expect(await store.terminology.systems()).toMatchObject([{ url, version: '1', total: 2 }]);
  });

  it('stands beside other versions: without one the newest is meant', async () => {
    await load(release('10', 'a', 'ten'), 'ten');
    await load(release('9', 'a', 'nine'), 'nine');
    expect([await held('ten'), await held('nine'), await held('x')]).toEqual(['in', 'out', 'out']);
    expect([await held('nine', '9'), await held('x', '1'), await held('a', '7')]).toEqual([
      'in',
      'in',
      'unknown',
    ]);
    expect(await store.terminology.removeSystem(url, '10')).toBe(true);
    expect(await store.terminology.removeSystem(url, '10')).toBe(false);
    expect([await held('nine'), await held('ten')]).toEqual(['in', 'out']);
  });

  it('is made by one process at a time', async () => {
    const terminology = store.terminology;
    const other: TerminologyStore = {
      ...terminology,
      async load(loading, concepts) {
        await terminology.load(loading, concepts);
        return terminology.load(loading, concepts);
      },
    };
    await expect(load(release('11', 'a', 'b', 'c'), 'eleven', other)).rejects.toThrow('Another import');
  });

  it('is seen by a process that runs meanwhile', async () => {
    let elapsed = 0;
    const terminology = await terminologyOn(store, [], () => elapsed);
    expect(await terminology.codeExists({ system: 'urn:test:later', code: 'a' })).toBe('unknown');
    await load({ ...release('1', 'a'), url: 'urn:test:later' }, 'later');
    elapsed += 1001;
    expect(await terminology.codeExists({ system: 'urn:test:later', code: 'a' })).toBe('in');
  });
});

it('refuses a code that is there twice, and codes that are above each other in a circle', () => {
  const arranged = (...concepts: Parameters<typeof arrange>[0]) => [...arrange(concepts)];
  expect(() => arranged(concept('a', 'A'), concept('a', 'B'))).toThrow('a is there twice');
  const circle = [concept('a', 'A', { parents: ['b'] }), concept('b', 'B', { parents: ['a'] })];
  expect(() => arranged(...circle)).toThrow('circle');
});
