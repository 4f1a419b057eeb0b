import type {
  Bundle,
  CodeSystem,
  ConceptMap,
  Observation,
  Parameters,
  ValueSet,
  ValueSetExpansionContains,
} from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { madeUpCodes } from '../../bench/made-up-codes.ts';
import { systemClock } from '../../src/clock.ts';
import { importRelease } from '../../src/fhir/terminology/import/import.ts';
import { create, hubsOn } from '../harness/bots.ts';
import { onSqlite } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';

const animals: CodeSystem = {
  resourceType: 'CodeSystem',
  url: 'urn:test:animals',
  version: '1',
  name: 'Animals',
  status: 'active',
  content: 'complete',
  property: [
    { code: 'legs', type: 'integer' },
    { code: 'wild', type: 'boolean' },
  ],
  concept: [
    {
      code: 'mammal',
      display: 'Mammal',
      definition: 'Has fur',
      property: [{ code: 'notSelectable', valueBoolean: true }],
      concept: [
        {
          code: 'dog',
          display: 'Dog',
          designation: [
            { language: 'es', value: 'Perro' },
            { language: 'de-CH', value: 'Hünd' },
          ],
          property: [{ code: 'legs', valueInteger: 4 }],
          concept: [{ code: 'poodle', display: 'Poodle dog' }],
        },
        { code: 'whale', display: 'Blue whale', property: [{ code: 'wild', valueBoolean: true }] },
      ],
    },
    { code: 'bird', display: 'Bird', property: [{ code: 'legs', valueInteger: 2 }] },
    { code: 'dodo', display: 'Dodo', property: [{ code: 'inactive', valueBoolean: true }] },
  ],
};

const urlOf = (name: string) => `urn:test:vs:${name.replaceAll(' ', '-')}`;

const valueSet = (name: string, compose: ValueSet['compose']): ValueSet => ({
  resourceType: 'ValueSet',
  url: urlOf(name),
  version: '1',
  name,
  status: 'active',
  ...(compose ? { compose } : {}),
});

const system = animals.url ?? '';
const of = (more: object) => ({ include: [{ system, ...more }] });
const filter = (property: string, op: string, value: string) =>
  of({ filter: [{ property, op, value }] }) as never;

const compositions: [name: string, compose: ValueSet['compose'], codes: string[]][] = [
  ['all', of({}), ['mammal', 'dog', 'poodle', 'whale', 'bird', 'dodo']],
  ['listed', of({ concept: [{ code: 'whale' }, { code: 'dog' }] }), ['whale', 'dog']],
  ['is-a', filter('concept', 'is-a', 'dog'), ['dog', 'poodle']],
  ['descendent-of', filter('concept', 'descendent-of', 'mammal'), ['dog', 'poodle', 'whale']],
  ['is-not-a', filter('concept', 'is-not-a', 'mammal'), ['bird', 'dodo']],
  ['generalizes', filter('concept', 'generalizes', 'dog'), ['mammal', 'dog']],
  ['equals', filter('legs', '=', '4'), ['dog']],
  ['in', filter('concept', 'in', 'dog,bird'), ['dog', 'bird']],
  ['not-in', filter('concept', 'not-in', 'dog,bird'), ['mammal', 'poodle', 'whale', 'dodo']],
  ['exists', filter('legs', 'exists', 'true'), ['dog', 'bird']],
  ['exists not', filter('legs', 'exists', 'false'), ['mammal', 'poodle', 'whale', 'dodo']],
  ['regex', filter('code', 'regex', '[dp]o.*'), ['dog', 'poodle', 'dodo']],
  [
    'two filters',
    of({
      filter: [
        { property: 'concept', op: 'is-a', value: 'mammal' },
        { property: 'wild', op: '=', value: 'true' },
      ],
    }),
    ['whale'],
  ],
  [
    'excluded',
    { include: [{ system }], exclude: [{ system, concept: [{ code: 'dog' }, { code: 'dodo' }] }] },
    ['mammal', 'poodle', 'whale', 'bird'],
  ],
  ['nested', { include: [{ valueSet: ['urn:test:vs:is-a'] }] }, ['dog', 'poodle']],
  [
    'intersection',
    { include: [{ valueSet: ['urn:test:vs:descendent-of', 'urn:test:vs:regex'] }] },
    ['dog', 'poodle'],
  ],
  [
    'system and value set',
    { include: [{ system, concept: [{ code: 'bird' }, { code: 'dog' }], valueSet: ['urn:test:vs:is-a'] }] },
    ['dog'],
  ],
  [
    'active',
    { inactive: false, include: [{ system, concept: [{ code: 'dodo' }, { code: 'dog' }] }] },
    ['dog'],
  ],
];

const map: ConceptMap = {
  resourceType: 'ConceptMap',
  url: 'urn:test:map',
  name: 'Sounds',
  status: 'active',
  sourceUri: 'urn:test:vs:all',
  targetUri: 'urn:test:vs:sounds',
  group: [
    {
      source: system,
      target: 'urn:test:sounds',
      element: [
        { code: 'dog', target: [{ code: 'woof', display: 'Woof', equivalence: 'wider' }] },
        { code: 'whale', target: [{ equivalence: 'unmatched' }] },
      ],
      unmapped: { mode: 'fixed', code: 'silence' },
    },
    {
      source: system,
      target: 'urn:test:same',
      element: [{ code: 'bird', target: [{ code: 'avis', equivalence: 'equal' }] }],
      unmapped: { mode: 'provided' },
    },
    {
      source: 'urn:test:other',
      target: 'urn:test:sounds',
      element: [{ code: 'x', target: [{ code: 'y', equivalence: 'equivalent' }] }],
      unmapped: { mode: 'other-map', url: 'urn:test:map-2' },
    },
  ],
};

const otherMap: ConceptMap = {
  resourceType: 'ConceptMap',
  url: 'urn:test:map-2',
  name: 'More',
  status: 'active',
  group: [
    {
      source: 'urn:test:other',
      target: 'urn:test:sounds',
      element: [{ code: 'z', target: [{ code: 'zzz', equivalence: 'equivalent' }] }],
    },
  ],
};

const codesIn = (contains: readonly ValueSetExpansionContains[] = []): string[] =>
  contains.flatMap(one => [one.code ?? '', ...codesIn(one.contains)]);

const part = (parameters: Parameters, name: string): unknown => {
  const found = parameters.parameter?.find(one => one.name === name);
  return found && Object.entries(found).find(([key]) => key.startsWith('value'))?.[1];
};

onSqlite('terminology', database => {
  let hub: TestHub;
  let network: Party;
  let reader: Party;

  beforeAll(async () => {
    hub = await startTestHub(database);
    network = await hub.party('network', { loads: true });
    reader = await hub.party('reader', { scope: 'system/*.rs' });
    await network.create(animals);
    await network.create(map);
    await network.create(otherMap);
    for (const [name, compose] of compositions) await network.create(valueSet(name, compose));
  }, 60_000);
  afterAll(() => hub.stop());

  const get = (path: string, query: Record<string, string>) =>
    reader.get(`/${path}?${new URLSearchParams(query)}`);
  const expand = (query: Record<string, string>) => get('ValueSet/$expand', query);

  describe('$expand', () => {
    it.each(compositions)('%s', async (name, _compose, codes) => {
      const answer = await expand({ url: urlOf(name), excludeNested: 'true' });
      expect(answer.status, answer.text).toBe(200);
      expect(codesIn(answer.json.expansion.contains)).toEqual(codes);
      expect(answer.json.expansion.total).toBe(codes.length);
    });

    it('refuses what it would have to leave out, though it changes the codes', async () => {
      const answer = await expand({ url: 'urn:test:vs:all', 'exclude-system': 'urn:x' });
      expect([answer.status, answer.json.issue?.[0].details.text]).toEqual([
        400,
        'exclude-system is not supported: without it the expansion would be another one.',
      ]);
    });

    it('nests what a code subsumes', async () => {
      const { json } = await expand({ url: 'urn:test:vs:all' });
      expect(json.expansion.contains[0]).toMatchObject({
        code: 'mammal',
        abstract: true,
        contains: [{ code: 'dog', contains: [{ code: 'poodle' }] }, { code: 'whale' }],
      });
      expect(json.expansion.total).toBe(6);
    });

    it.each([
      ['the beginning of a word', 'dog', ['dog', 'poodle']],
      ['of a word in the middle', 'wha', ['whale']],
      ['of several words, in any order', 'wh bl', ['whale']],
      ['in upper case', 'BIRD', ['bird']],
      ['a code', 'dodo', ['dodo']],
      ['a designation', 'perr', ['dog']],
      ['without its accents', 'hund', ['dog']],
      ['the middle of a word', 'hale', []],
    ])('filters by %s', async (_what, filter, codes) => {
      const { json } = await expand({ url: 'urn:test:vs:all', filter });
      expect(codesIn(json.expansion.contains)).toEqual(codes);
      expect(json.expansion.parameter).toContainEqual({ name: 'filter', valueString: filter });
    });

    it('pages, with the total', async () => {
      const pages = await Promise.all(
        ['0', '2', '4', '6'].map(offset => expand({ url: 'urn:test:vs:all', offset, count: '2' })),
      );
      expect(pages.map(({ json }) => codesIn(json.expansion.contains))).toEqual([
        ['mammal', 'dog'],
        ['poodle', 'whale'],
        ['bird', 'dodo'],
        [],
      ]);
      expect(pages.map(({ json }) => [json.expansion.total, json.expansion.offset])).toEqual(
        [0, 2, 4, 6].map(offset => [6, offset]),
      );
    });

    it('leaves out what is not active, shows designations, properties and another language', async () => {
      const query = {
        activeOnly: 'true',
        includeDesignations: 'true',
        displayLanguage: 'es',
        property: 'legs',
      };
      const { json } = await expand({ url: 'urn:test:vs:all', excludeNested: 'true', ...query });
      const dog = json.expansion.contains.find((one: ValueSetExpansionContains) => one.code === 'dog');
      expect(codesIn(json.expansion.contains)).not.toContain('dodo');
      expect(dog).toMatchObject({
        display: 'Perro',
        designation: [{ language: 'es', value: 'Perro' }, { language: 'de-CH' }],
        extension: [{ extension: [{ valueCode: 'legs' }, { valueInteger: 4 }] }],
      });
      expect(json.expansion.parameter).toEqual(
        expect.arrayContaining([
          { name: 'activeOnly', valueBoolean: true },
          { name: 'displayLanguage', valueCode: 'es' },
          { name: 'version', valueUri: `${system}|1` },
        ]),
      );
    });

    it('takes a value set that is sent along, and one by its id', async () => {
      const parameter = [{ name: 'valueSet', resource: valueSet('sent', filter('concept', 'is-a', 'dog')) }];
      const sent = await reader.request('POST', '/ValueSet/$expand', {
        resourceType: 'Parameters',
        parameter,
      });
      expect(codesIn(sent.json.expansion.contains)).toEqual(['dog', 'poodle']);
      const { json } = await reader.get('/ValueSet?url=urn:test:vs:listed');
      const one = await reader.get(`/ValueSet/${json.entry[0].resource.id}/$expand`);
      expect(codesIn(one.json.expansion.contains)).toEqual(['whale', 'dog']);
    });

    it('sees a change at once', async () => {
      const changing = await network.create(valueSet('changing', of({ concept: [{ code: 'dog' }] })));
      expect(codesIn((await expand({ url: 'urn:test:vs:changing' })).json.expansion.contains)).toEqual([
        'dog',
      ]);
      await network.update({ ...changing, compose: of({ concept: [{ code: 'bird' }] }) });
      expect(codesIn((await expand({ url: 'urn:test:vs:changing' })).json.expansion.contains)).toEqual([
        'bird',
      ]);
      await network.request('DELETE', `/ValueSet/${changing.id}`);
      expect((await expand({ url: 'urn:test:vs:changing' })).status).toBe(404);
    });

    it.each([
      ['no value set', {}, 400, 'url is missing'],
      ['one that is not held', { url: 'urn:test:vs:none' }, 404, 'holds no value set'],
      ['another version', { url: 'urn:test:vs:all|9' }, 404, 'holds no value set'],
      ['a count that is none', { url: 'urn:test:vs:all', count: 'x' }, 400, 'count must be a whole number'],
      ['a flag that is none', { url: 'urn:test:vs:all', activeOnly: 'yes' }, 400, 'must be true or false'],
      [
        'a system that is not held',
        { url: 'http://hl7.org/fhir/ValueSet/observation-codes' },
        422,
        'http://loinc.org',
      ],
    ])('refuses %s', async (_what, query, status, text) => {
      const answer = await expand(query as Record<string, string>);
      expect(answer.status).toBe(status);
      expect(answer.json.issue[0].details.text).toContain(text);
    });

    it.each([
      ['a circle', [{ valueSet: ['urn:test:vs:self'] }], 'circle'],
      [
        'a value set that is not held',
        [{ valueSet: ['urn:test:vs:none'] }],
        'does not hold value set urn:test:vs:none',
      ],
      [
        'a costly regular expression',
        [{ system, filter: [{ property: 'code', op: 'regex', value: '(a+)+' }] }],
        'repeats',
      ],
    ])('refuses to include %s', async (_what, include, text) => {
      const parameter = [{ name: 'valueSet', resource: valueSet('self', { include } as never) }];
      const answer = await reader.request('POST', '/ValueSet/$expand', {
        resourceType: 'Parameters',
        parameter,
      });
      // The one that is sent along is no value set that others can refer to: the circle is closed by a stored one.
      const stored = text === 'circle' ? await circle() : answer;
      expect(stored.status).toBe(422);
      expect(stored.json.issue[0].details.text).toContain(text);
    });

    async function circle() {
      await network.create(valueSet('self', { include: [{ valueSet: ['urn:test:vs:self-2'] }] }));
      await network.create(valueSet('self-2', { include: [{ valueSet: ['urn:test:vs:self'] }] }));
      return expand({ url: 'urn:test:vs:self' });
    }

    it('is for who may read value sets', async () => {
      const other = await hub.party('other', { scope: 'system/Patient.rs' });
      expect((await other.get('/ValueSet/$expand?url=urn:test:vs:all')).status).toBe(403);
      expect((await other.get('/CodeSystem/$lookup?system=urn:test:animals&code=dog')).status).toBe(403);
      expect((await other.get('/ConceptMap/$translate?url=urn:test:map&code=dog&system=x')).status).toBe(403);
    });
  });

  const validate = (path: string, query: Record<string, string>) => get(`${path}/$validate-code`, query);

  describe('ValueSet/$validate-code', () => {
    const url = 'urn:test:vs:is-a';
    it.each([
      ['a code of it', { url, system, code: 'dog' }, true, undefined],
      ['with its display', { url, system, code: 'dog', display: 'dog' }, true, undefined],
      ['with a designation', { url, system, code: 'dog', display: 'Perro' }, true, undefined],
      ['with another display', { url, system, code: 'dog', display: 'Cat' }, false, 'is "Dog", not "Cat"'],
      ['a code elsewhere in the system', { url, system, code: 'bird' }, false, 'is not in is-a'],
      ['no code of the system', { url, system, code: 'unicorn' }, false, 'has no code "unicorn"'],
      ['of another system', { url, system: 'urn:x', code: 'dog' }, false, 'is not in is-a'],
      ['without a system', { url, code: 'dog' }, false, 'A code without its system says nothing'],
      ['with a system to be inferred', { url, code: 'dog', inferSystem: 'true' }, true, undefined],
      [
        'of a version that is not held',
        { url, system, systemVersion: '7', code: 'dog' },
        false,
        'does not hold the code system urn:test:animals|7',
      ],
      [
        'of a system that is not held',
        { url: 'http://hl7.org/fhir/ValueSet/observation-codes', system: 'http://loinc.org', code: '8867-4' },
        false,
        'does not hold the code system http://loinc.org',
      ],
      [
        'one that groups',
        { url: 'urn:test:vs:all', system, code: 'mammal', abstract: 'false' },
        false,
        'groups other codes',
      ],
      [
        'one not active any more',
        { url: 'urn:test:vs:all', system, code: 'dodo' },
        true,
        'not active any more',
      ],
    ])('%s', async (_what, query, result, message) => {
      const answer = await validate('ValueSet', query as unknown as Record<string, string>);
      expect(answer.status, answer.text).toBe(200);
      expect(part(answer.json, 'result')).toBe(result);
      if (message === undefined) expect(part(answer.json, 'message')).toBeUndefined();
      else expect(part(answer.json, 'message')).toContain(message);
    });

    it('tells the right display', async () => {
      const { json } = await validate('ValueSet', { url, system, code: 'dog', display: 'Cat' });
      expect(part(json, 'display')).toBe('Dog');
    });

    it('takes a coding, and a concept of which one coding is right', async () => {
      const ask = (...parameter: object[]) =>
        reader.request('POST', '/ValueSet/$validate-code', {
          resourceType: 'Parameters',
          parameter: [{ name: 'url', valueUri: url }, ...parameter],
        });
      const coding = await ask({ name: 'coding', valueCoding: { system, code: 'poodle' } });
      expect(part(coding.json, 'result')).toBe(true);
      const both = {
        coding: [
          { system: 'urn:x', code: '1' },
          { system, code: 'poodle' },
        ],
      };
      const concept = await ask({ name: 'codeableConcept', valueCodeableConcept: both });
      expect(part(concept.json, 'result')).toBe(true);
      const none = {
        coding: [
          { system: 'urn:x', code: '1' },
          { system, code: 'bird' },
        ],
      };
      expect(part((await ask({ name: 'codeableConcept', valueCodeableConcept: none })).json, 'result')).toBe(
        false,
      );
      expect((await ask()).status).toBe(400);
    });
  });

  describe('CodeSystem/$validate-code', () => {
    it.each([
      ['a code of it', { url: system, code: 'dog' }, true],
      ['with its display', { url: system, code: 'dog', display: 'Dog' }, true],
      ['with another display', { url: system, code: 'dog', display: 'Cat' }, false],
      ['no code of it', { url: system, code: 'unicorn' }, false],
      ['of a system that is not held', { url: 'urn:none', code: 'x' }, false],
    ])('%s', async (_what, query, result) => {
      const answer = await validate('CodeSystem', query as unknown as Record<string, string>);
      expect(part(answer.json, 'result')).toBe(result);
    });
  });

  describe('$lookup', () => {
    it('tells names, properties, what is above and below', async () => {
      const { json } = await get('CodeSystem/$lookup', { system, code: 'dog' });
      expect(part(json, 'name')).toBe('Animals');
      expect(part(json, 'version')).toBe('1');
      expect(part(json, 'display')).toBe('Dog');
      const parts = (name: string) =>
        (json as Parameters).parameter?.filter(one => one.name === name).map(one => one.part);
      expect(parts('designation')?.[0]).toEqual([
        { name: 'language', valueCode: 'es' },
        { name: 'value', valueString: 'Perro' },
      ]);
      expect(parts('property')).toEqual([
        [
          { name: 'code', valueCode: 'inactive' },
          { name: 'value', valueBoolean: false },
        ],
        [
          { name: 'code', valueCode: 'legs' },
          { name: 'value', valueInteger: 4 },
        ],
        [
          { name: 'code', valueCode: 'parent' },
          { name: 'value', valueCode: 'mammal' },
        ],
        [
          { name: 'code', valueCode: 'child' },
          { name: 'value', valueCode: 'poodle' },
        ],
      ]);
    });

    it.each([
      ['a code that is none', { system, code: 'unicorn' }, 404, 'has no such code'],
      ['a system that is not held', { system: 'http://snomed.info/sct', code: '1' }, 404, 'does not hold'],
      ['a version that is not held', { system, version: '2', code: 'dog' }, 404, 'does not hold'],
      ['no code', { system }, 400, 'code is missing'],
    ])('refuses %s', async (_what, query, status, text) => {
      const answer = await get('CodeSystem/$lookup', query as unknown as Record<string, string>);
      expect(answer.status).toBe(status);
      expect(answer.json.issue[0].details.text).toContain(text);
    });
  });

  describe('$subsumes', () => {
    it.each([
      ['dog', 'dog', 'equivalent'],
      ['mammal', 'poodle', 'subsumes'],
      ['poodle', 'mammal', 'subsumed-by'],
      ['bird', 'dog', 'not-subsumed'],
    ])('%s and %s: %s', async (codeA, codeB, outcome) => {
      const { json } = await get('CodeSystem/$subsumes', { system, codeA, codeB });
      expect(part(json, 'outcome')).toBe(outcome);
    });

    it('knows nothing of what is not held', async () => {
      const none = await get('CodeSystem/$subsumes', { system, codeA: 'dog', codeB: 'unicorn' });
      expect(none.status).toBe(404);
      const other = await get('CodeSystem/$subsumes', { system: 'urn:none', codeA: 'a', codeB: 'a' });
      expect(other.status).toBe(404);
    });
  });

  describe('$translate', () => {
    const url = 'urn:test:map';
    const sounds = { targetsystem: 'urn:test:sounds' };
    it.each([
      ['a code', { url, system, code: 'dog', ...sounds }, true, ['wider woof']],
      ['one that has no match', { url, system, code: 'whale', ...sounds }, false, ['unmatched ']],
      [
        'one that is not mapped: fixed',
        { url, system, code: 'poodle', ...sounds },
        true,
        ['relatedto silence'],
      ],
      [
        'one that is not mapped: provided',
        { url, system, code: 'poodle', targetsystem: 'urn:test:same' },
        true,
        ['equal poodle'],
      ],
      [
        'one that is not mapped: by the other map',
        { url, system: 'urn:test:other', code: 'z' },
        true,
        ['equivalent zzz'],
      ],
      ['of a system that is not mapped', { url, system: 'urn:x', code: 'dog' }, false, []],
      [
        'backwards',
        { url, system: 'urn:test:sounds', code: 'woof', reverse: 'true' },
        true,
        ['narrower dog'],
      ],
      [
        'by source and target',
        {
          source: 'urn:test:vs:all',
          target: 'urn:test:vs:sounds',
          system,
          code: 'bird',
          targetsystem: 'urn:test:same',
        },
        true,
        ['equal avis'],
      ],
      [
        'by the target system, of what FHIR publishes',
        {
          system: 'http://hl7.org/fhir/administrative-gender',
          code: 'male',
          targetsystem: 'http://terminology.hl7.org/CodeSystem/v2-0001',
        },
        true,
        ['equal M'],
      ],
    ])('%s', async (_what, query, result, matches) => {
      const { json, text } = await get('ConceptMap/$translate', query as unknown as Record<string, string>);
      expect(part(json, 'result'), text).toBe(result);
      const found = (json as Parameters).parameter?.filter(one => one.name === 'match') ?? [];
      expect(
        found.map(({ part = [] }) => {
          const concept = part.find(one => one.name === 'concept')?.valueCoding;
          return `${part.find(one => one.name === 'equivalence')?.valueCode} ${concept?.code ?? ''}`;
        }),
      ).toEqual(matches);
    });

    it('asks which map, and what code', async () => {
      expect((await get('ConceptMap/$translate', { system, code: 'dog' })).status).toBe(400);
      expect((await get('ConceptMap/$translate', { url, code: 'dog' })).status).toBe(400);
      expect((await get('ConceptMap/$translate', { url: 'urn:none', system, code: 'dog' })).status).toBe(404);
    });
  });
});

onSqlite('imported code systems', database => {
  let hub: TestHub;
  let reader: Party;
  const many = 'urn:test:many';

  beforeAll(async () => {
    hub = await startTestHub(database);
    reader = await hub.party('reader', { scope: 'system/*.rs' });
    const concepts = madeUpCodes(10_050);
    const release = { url: many, version: '1', about: { name: 'Many', notice: 'Shown with it' }, concepts };
    await importRelease(hub.hub.store.terminology, release, { digest: 'many', at: 0, batch: 5000 });
  }, 60_000);
  afterAll(() => hub.stop());

  const ask = (path: string, query: Record<string, string>) =>
    reader.get(`/${path}?${new URLSearchParams(query)}`);
  const expand = (include: object, ...more: object[]) => {
    const resource = valueSet('sent', { include: [{ system: many, ...include }] });
    const parameter = [{ name: 'valueSet', resource }, ...more];
    return reader.request('POST', '/ValueSet/$expand', { resourceType: 'Parameters', parameter });
  };

  it('are expanded in pages and by filter, and not all at once', async () => {
    const all = await expand({});
    expect([all.status, all.json.issue?.[0].code]).toEqual([422, 'too-costly']);
    const page = await expand({}, { name: 'count', valueInteger: 2 }, { name: 'offset', valueInteger: 1 });
    expect(codesIn(page.json.expansion.contains)).toEqual(['C1', 'C11']);
    expect(page.json.expansion.total).toBe(10_050);
    expect(page.json.copyright).toBe('Shown with it');
    const none = await expand({}, { name: 'count', valueInteger: 0 });
    expect(none.json.expansion).toMatchObject({ total: 10_050, contains: [] });
    const found = await expand({}, { name: 'filter', valueString: 'c777' });
    expect(codesIn(found.json.expansion.contains).toSorted()[0]).toBe('C777');
    const branch = await expand({ filter: [{ property: 'concept', op: 'is-a', value: 'C777' }] });
    expect(branch.json.expansion.contains).toMatchObject([{ code: 'C777', contains: expect.any(Array) }]);
    expect(branch.json.expansion.total).toBe(11);
    const matching = await expand({ filter: [{ property: 'code', op: 'regex', value: 'C77[0-2]' }] });
    expect(codesIn(matching.json.expansion.contains).toSorted()).toEqual(['C770', 'C771', 'C772']);
  });

  it('are searched for: in a value set, below a code, above one', async () => {
    const client = await hub.party('client', { loads: true });
    const coding = (code: string) => ({ code: { coding: [{ system: many, code }] } });
    for (const code of ['C77', 'C777', 'C7771', 'C8'])
      await client.create({
        resourceType: 'Observation',
        status: 'final',
        ...coding(code),
        valueString: code,
      });
    await client.create(
      valueSet('sevens', {
        include: [{ system: many, filter: [{ property: 'code', op: 'regex', value: 'C7*' }] }],
      }),
    );
    const found = async (query: string) => {
      const { json, text } = await client.get(`/Observation?_sort=code&${query}`);
      if (json.resourceType !== 'Bundle') return text;
      return (json as Bundle<Observation>).entry?.map(({ resource }) => resource?.valueString);
    };
    expect(await found(`code:below=${many}|C777`)).toEqual(['C777', 'C7771']);
    expect(await found(`code:above=${many}|C777`)).toEqual(['C77', 'C777']);
    expect(await found(`code:in=${urlOf('sevens')}`)).toEqual(['C77', 'C777']);
    expect(await found(`code:not-in=${urlOf('sevens')}`)).toEqual(['C7771', 'C8']);
    expect(await found(`code:in=${urlOf('nothing')}`)).toContain('holds no value set');
    expect(await found('code:below=urn:nobody|x')).toContain('urn:nobody');
  });

  it('are looked up, compared and validated', async () => {
    const { json } = await ask('CodeSystem/$lookup', { system: many, code: 'C777', property: 'child' });
    expect((json as Parameters).parameter?.filter(one => one.name === 'property')).toHaveLength(10);
    expect(part(json, 'notice')).toBe('Shown with it');
    const subsumes = await ask('CodeSystem/$subsumes', { system: many, codeA: 'C77', codeB: 'C7771' });
    expect(part(subsumes.json, 'outcome')).toBe('subsumes');
    const valid = async (code: string, version = '1') =>
      part((await ask('CodeSystem/$validate-code', { url: many, code, version })).json, 'result');
    expect([await valid('C5'), await valid('C99999'), await valid('C5', '2')]).toEqual([true, false, false]);
    expect([await valid('C5\0')]).toEqual([false]);
  });
});

onSqlite('terminology of several processes', database => {
  it('is the same at once, for operations and what was compiled before', async () => {
    const hubs = await hubsOn(database);
    try {
      const [one, other] = [await hubs.open(systemClock), await hubs.open(systemClock)];
      const { terminology } = other.parts;
      const coding = { system, code: 'dog' };
      expect(await terminology.member(urlOf('listed'), coding)).toBe('unknown');
      const [stored] = await create(one, valueSet('listed', of({ concept: [{ code: 'dog' }] })));
      expect(await terminology.systemsOf(urlOf('listed'), 'dog')).toEqual([system]);
      expect(await terminology.member(urlOf('listed'), coding)).toBe('in');
      await one.repository(one.hubActor).write([{ kind: 'delete', type: 'ValueSet', id: stored?.id ?? '' }]);
      expect(await terminology.valueSet(urlOf('listed'))).toBeUndefined();
      expect(await terminology.member(urlOf('listed'), coding)).toBe('unknown');
    } finally {
      await hubs.close();
    }
  });

  it('cannot change what FHIR itself defines by storing it', async () => {
    const hubs = await hubsOn(database);
    try {
      const hub = await hubs.open(systemClock);
      const url = 'http://hl7.org/fhir/ValueSet/administrative-gender';
      await create(hub, { ...valueSet('gender', of({ concept: [{ code: 'dog' }] })), url, version: '99' });
      const { terminology } = hub.parts;
      expect(await terminology.member(url, { code: 'male' })).toBe('in');
      expect(await terminology.member(url, { system, code: 'dog' })).toBe('out');
      expect(await terminology.member(`${url}|99`, { system, code: 'dog' })).toBe('in');
    } finally {
      await hubs.close();
    }
  });
});
