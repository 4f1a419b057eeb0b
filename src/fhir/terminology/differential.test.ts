import type {
  CodeSystem,
  ValueSet,
  ValueSetComposeInclude,
  ValueSetExpansionContains,
} from '@medplum/fhirtypes';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../../../test/harness/databases.ts';
import type { Store } from '../../store/store.ts';
import type { Concept } from '../../store/terminology/types.ts';
import { importRelease } from './import/import.ts';
import { type NaiveWorld, naiveExpansion } from './naive.harness.ts';
import { terminologyOn } from './terminology.harness.ts';
import type { Terminology } from './terminology.ts';

const names = ['a', 'b', 'ab', 'c1', 'c2', 'd', 'e', 'f10', 'f11', 'g'];
const words = ['Red', 'réd', 'green', 'deep', 'sea'];
const systems = ['urn:test:one', 'urn:test:two'];

/** Codes with up to three parents among those before them. */
const concepts: fc.Arbitrary<Concept[]> = fc
  .array(
    fc.record({
      parents: fc.uniqueArray(fc.nat(), { maxLength: 3 }),
      display: fc.uniqueArray(fc.constantFrom(...words), { maxLength: 3 }),
      color: fc.option(fc.constantFrom('red', 'blue'), { nil: undefined }),
      inactive: fc.boolean(),
    }),
    { minLength: 1, maxLength: names.length },
  )
  .map(all =>
    all.map(({ parents, display, color, inactive }, at) => ({
      code: names[at] ?? '',
      display: display.join(' '),
      designations: [],
      properties: color ? [{ code: 'color', value: color, type: 'code' as const }] : [],
      parents: at === 0 ? [] : [...new Set(parents.map(one => names[one % at] ?? ''))],
      inactive,
      abstract: false,
    })),
  );

const name = fc.constantFrom(...names);
const list = fc.uniqueArray(name, { minLength: 1, maxLength: 4 });
const filter = fc.oneof(
  fc.record({
    property: fc.constant('concept'),
    op: fc.constantFrom('is-a', 'descendent-of', 'is-not-a', 'generalizes', '='),
    value: name,
  }),
  fc.record({
    property: fc.constantFrom('concept', 'parent'),
    op: fc.constantFrom('in', 'not-in'),
    value: list.map(all => all.join(',')),
  }),
  fc.record({ property: fc.constant('color'), op: fc.constant('='), value: fc.constantFrom('red', 'blue') }),
  fc.record({
    property: fc.constantFrom('color', 'parent'),
    op: fc.constant('exists'),
    value: fc.constantFrom('true', 'false'),
  }),
  fc.record({
    property: fc.constantFrom('code', 'color'),
    op: fc.constant('regex'),
    value: fc.constantFrom('a.*', '[a-c]\\d?', 'r?ed', 'f1(0|1)'),
  }),
);

const include = (nested: readonly string[]): fc.Arbitrary<ValueSetComposeInclude> => {
  const system = fc.constantFrom(...systems);
  const plain = fc.oneof(
    fc.record({ system }),
    fc.record({ system, filter: fc.array(filter, { minLength: 1, maxLength: 2 }) }),
    fc.record({ system, concept: list.map(all => all.map(code => ({ code }))) }),
  );
  if (nested.length === 0) return plain as fc.Arbitrary<ValueSetComposeInclude>;
  const sets = fc.uniqueArray(fc.constantFrom(...nested), { minLength: 1, maxLength: 2 });
  return fc.oneof(
    plain,
    sets.map(valueSet => ({ valueSet })),
    fc.tuple(plain, sets).map(([one, valueSet]) => ({ ...one, valueSet })),
  ) as fc.Arbitrary<ValueSetComposeInclude>;
};

const valueSet = (url: string, nested: readonly string[]): fc.Arbitrary<ValueSet> =>
  fc
    .record({
      include: fc.array(include(nested), { minLength: 1, maxLength: 3 }),
      exclude: fc.array(include(nested), { maxLength: 2 }),
      inactive: nested.length > 0 ? fc.constantFrom(true, false) : fc.constant(true),
    })
    .map(compose => ({ resourceType: 'ValueSet', url, status: 'active', compose }));

const world = fc.record({
  one: concepts,
  two: concepts,
  first: valueSet('urn:vs:first', []),
  second: valueSet('urn:vs:second', ['urn:vs:first']),
  many: fc.array(valueSet('urn:vs:asked', ['urn:vs:first', 'urn:vs:second']), {
    minLength: 12,
    maxLength: 12,
  }),
  text: fc.constantFrom('re', 'SEA', 'dee se', 'f1', 'x'),
});

const codeSystem = (url: string, all: readonly Concept[]): CodeSystem => ({
  resourceType: 'CodeSystem',
  url,
  version: '1',
  status: 'active',
  content: 'complete',
  concept: all.map(({ code, display, properties, parents, inactive }) => ({
    code,
    ...(display ? { display } : {}),
    property: [
      ...properties.map(one => ({ code: one.code, valueCode: String(one.value) })),
      ...parents.map(parent => ({ code: 'parent', valueCode: parent })),
      { code: 'inactive', valueBoolean: inactive },
    ],
  })),
});

const keysOf = (contains: readonly ValueSetExpansionContains[] = []): string[] =>
  contains.flatMap(one => [`${one.system} ${one.code}`, ...keysOf(one.contains)]);

eachDatabase('value sets of made-up code systems mean the same as told plainly', database => {
  let store: Store;
  beforeAll(async () => {
    store = await database.open();
  });

  const numRuns = process.env.CHECK_FULL ? 300 : 12;

  it('in memory and in the database: all codes, each code, nested, filtered and in pages', async () => {
    await fc.assert(
      fc.asyncProperty(world, async ({ one, two, first, second, many, text }) => {
        const held: NaiveWorld = {
          systems: { 'urn:test:one': one, 'urn:test:two': two },
          valueSets: { 'urn:vs:first': first, 'urn:vs:second': second },
        };
        for (const [url, all] of Object.entries(held.systems)) {
          const release = { url, version: '1', about: { name: url }, concepts: all };
          await importRelease(store.terminology, release, { digest: JSON.stringify(all), at: 0, batch: 3 });
        }
        const resources = Object.entries(held.systems).map(([url, all]) => codeSystem(url, all));
        const places = [
          await terminologyOn(await nothingImported(), [...resources, first, second]),
          await terminologyOn(store, [first, second]),
        ];
        for (const asked of many)
          for (const terminology of places) await compare(terminology, held, asked, text);
      }),
      { numRuns, seed: 20260302 },
    );
  }, 240_000);

  let empty: Promise<Store> | undefined;
  const nothingImported = (): Promise<Store> => {
    empty ??= database.open();
    return empty;
  };
});

function hasWords({ systems }: NaiveWorld, key: string, text: string): boolean {
  const [system = '', code = ''] = key.split(' ');
  const display = systems[system]?.find(one => one.code === code)?.display ?? '';
  const has = `${code} ${display}`.toLowerCase().replaceAll('é', 'e').split(' ');
  return text
    .toLowerCase()
    .split(' ')
    .every(beginning => has.some(word => word.startsWith(beginning)));
}

/** All codes, each code, in pages and filtered. */
async function compare(
  terminology: Terminology,
  held: NaiveWorld,
  asked: ValueSet,
  text: string,
): Promise<void> {
  const expected = naiveExpansion(held, asked);
  const whole = await terminology.expand({ valueSet: asked });
  expect(keysOf(whole.expansion?.contains).toSorted()).toEqual([...expected].toSorted());
  expect(whole.expansion?.total).toBe(expected.size);
  for (const [system, all] of Object.entries(held.systems))
    for (const code of [...all.map(one => one.code), 'zzz']) {
      const member = await terminology.member(asked, { system, code });
      expect(`${code} ${member}`).toBe(`${code} ${expected.has(`${system} ${code}`) ? 'in' : 'out'}`);
    }
  const flat = keysOf(
    (await terminology.expand({ valueSet: asked, excludeNested: true })).expansion?.contains,
  );
  const pages: string[] = [];
  for (let offset = 0; offset <= flat.length; offset += 3) {
    const page = await terminology.expand({ valueSet: asked, offset, count: 3 });
    expect(page.expansion?.total).toBe(flat.length);
    pages.push(...keysOf(page.expansion?.contains));
  }
  expect(pages).toEqual(flat);
  const found = await terminology.expand({ valueSet: asked, filter: text });
  expect(keysOf(found.expansion?.contains)).toEqual(flat.filter(key => hasWords(held, key, text)));
}
