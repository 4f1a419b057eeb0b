import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CodeSystem, CodeSystemConcept, ConceptMap, Resource, ValueSet } from '@medplum/fhirtypes';
import { beforeAll, describe, expect, it } from 'vitest';
import { roles } from '../../src/access/roles.ts';
import { agentSystem, codesOf } from '../../src/audit/codes.ts';
import { canonical, system } from '../../src/fhir/canonical.ts';
import { ownDefinitions, ownExamples, urlOf } from '../../src/fhir/conformance/own-definitions.ts';
import { testDefinitions } from '../../src/fhir/definitions/test-definitions.ts';
import { operations } from '../../src/fhir/operations/operations.ts';
import { createValidator } from '../../src/fhir/validation/validator.ts';
import { transitions } from '../../src/referral/lifecycle/table.ts';
import { type CompiledGuide, compileGuide } from './compile.ts';
import { mappingFile, mappingPage } from './mapping-page.ts';

const definitions = await ownDefinitions();
const examples = await ownExamples();
const address = ({ resourceType, id }: Resource) => `${resourceType}/${id}`;
const ofType = <R extends Resource>(type: R['resourceType']) =>
  definitions.filter((one): one is R => one.resourceType === type);

describe('profiles/fsh', () => {
  let compiled: CompiledGuide;
  beforeAll(async () => {
    compiled = await compileGuide();
  });

  it('compiles without an error or a warning', () => {
    expect([...compiled.errors, ...compiled.warnings]).toEqual([]);
  });

  it('is what profiles/*.json were made of; run `npm run guide` after a change', () => {
    const own = new Map(definitions.map(one => [address(one), one]));
    const fromProfiles = ['StructureDefinition', 'SearchParameter', 'OperationDefinition'];
    expect(compiled.definitions.map(address).sort()).toEqual(
      [...own.keys()].filter(key => fromProfiles.includes(key.split('/')[0] ?? '')).sort(),
    );
    for (const made of compiled.definitions) expect(own.get(address(made)), address(made)).toEqual(made);
    expect(new Map(compiled.examples.map(one => [address(one), one]))).toEqual(
      new Map(examples.map(one => [address(one), one])),
    );
  });

  it('is what docs/guide-mapping.md was made of', async () => {
    expect(await readFile(mappingFile, 'utf8')).toBe(mappingPage(compiled.definitions));
  });
});

describe('what the hub defines', () => {
  let validate: ReturnType<typeof createValidator>;
  beforeAll(async () => {
    validate = createValidator(await testDefinitions());
  });

  it.each([...definitions, ...examples].map(one => [address(one), one] as const))('%s is valid', (_, one) => {
    expect(validate(one)).toEqual([]);
  });

  it.each(definitions.map(one => [address(one), one] as const))('%s is at its canonical URL', (key, one) => {
    const url = urlOf(one);
    if (url?.startsWith('http://hl7.org/fhir/5.0/')) return;
    expect(url).toBe(`${canonical}/${key}`);
  });

  it('has an example for each profile', () => {
    const claimed = new Set(examples.flatMap(one => one.meta?.profile ?? []));
    const profiles = definitions.filter(
      one => one.resourceType === 'StructureDefinition' && one.type !== 'Extension',
    );
    expect(profiles).toHaveLength(10);
    for (const profile of profiles as { url: string }[]) expect(claimed).toContain(profile.url);
  });

  it('defines each operation of its own, as it is', () => {
    const own = operations.filter(one => one.definition.startsWith(canonical));
    const defined = ofType('OperationDefinition') as unknown as {
      url: string;
      code: string;
      system: boolean;
      type: boolean;
      instance: boolean;
      resource?: string[];
    }[];
    expect(
      defined
        .map(({ url, code, resource, ...of }) => ({
          url,
          code,
          resource,
          levels: (['system', 'type', 'instance'] as const).filter(level => of[level]),
        }))
        .sort((a, b) => a.url.localeCompare(b.url)),
    ).toEqual(
      own
        .map(({ definition, name, types, levels }) => ({
          url: definition,
          code: name,
          resource: types ? [...types] : undefined,
          levels: [...levels],
        }))
        .sort((a, b) => a.url.localeCompare(b.url)),
    );
  });
});

describe('what the code names', () => {
  const kinds =
    'StructureDefinition|CodeSystem|ValueSet|ConceptMap|SearchParameter|OperationDefinition|Library';
  const named = new RegExp(
    `(?:${canonical.replaceAll('.', '\\.')}|\\$\\{(?:canonical|base)\\})/((?:${kinds})/[A-Za-z0-9-]+)`,
    'g',
  );

  it('is defined: every extension, code system, operation, … under the canonical URL of the hub', async () => {
    const defined = new Set(definitions.map(address));
    const root = join(import.meta.dirname, '../..');
    const found = new Map<string, string>();
    for await (const file of glob('{src,bots}/**/*.{ts,tsx}', { cwd: root })) {
      if (/\.test\.ts$|\.harness\.ts$/.test(file)) continue;
      for (const [, key = ''] of (await readFile(join(root, file), 'utf8')).matchAll(named))
        found.set(key, file);
    }
    expect(found.size).toBeGreaterThan(30);
    // `…/referral-${name}`: the beginning of several.
    const isDefined = (key: string) =>
      key.endsWith('-') ? [...defined].some(one => one.startsWith(key)) : defined.has(key);
    expect([...found].filter(([key]) => !isDefined(key))).toEqual([]);
  });
});

it('the identifier systems are those that the code writes', () => {
  expect(ofType('NamingSystem').map(urlOf).sort()).toEqual([agentSystem, system.hubIdentifier]);
});

describe('the terminology', () => {
  const below = (concepts: readonly CodeSystemConcept[] = []): string[] =>
    concepts.flatMap(one => [one.code ?? '', ...below(one.concept)]);
  const systems = new Map(
    ofType<CodeSystem>('CodeSystem').map(one => [one.url ?? '', below(one.concept)] as const),
  );
  const valueSets = ofType<ValueSet>('ValueSet');

  it('names no code of its own that is not there', () => {
    const named = valueSets.flatMap(({ id, compose }) =>
      (compose?.include ?? []).flatMap(({ system = '', concept, valueSet }) => [
        ...(system.startsWith(canonical) ? [{ id, system, codes: concept?.map(one => one.code) ?? [] }] : []),
        ...(valueSet ?? []).map(url => ({ id, url })),
      ]),
    );
    const urls = valueSets.map(one => one.url);
    for (const one of named) {
      if ('url' in one) expect(urls, one.id).toContain(one.url);
      else
        expect(systems.get(one.system), `${one.id}: ${one.system}`).toEqual(
          expect.arrayContaining(one.codes),
        );
    }
  });

  it('maps codes that are there to codes that are there', () => {
    for (const { id, group } of ofType<ConceptMap>('ConceptMap')) {
      for (const { source = '', target = '', element } of group ?? []) {
        const from = element.map(one => one.code);
        const to = element.flatMap(one => (one.target ?? []).flatMap(({ code }) => code ?? []));
        if (source.startsWith(canonical))
          expect(systems.get(source), id).toEqual(expect.arrayContaining(from));
        if (target.startsWith(canonical)) expect(systems.get(target), id).toEqual(expect.arrayContaining(to));
      }
    }
  });

  it('has the roles of people as the table of roles does', () => {
    const system = ofType<CodeSystem>('CodeSystem').find(({ id }) => id === 'person-role');
    expect(system?.concept?.map(({ code, display, definition }) => [code, display, definition])).toEqual(
      Object.entries(roles).map(([code, { title, does }]) => [code, title, does]),
    );
  });

  it('has the codes that the audit uses', () => {
    const url = `${canonical}/CodeSystem/audit-event`;
    const used = Object.values(codesOf).flatMap(({ subtypes }) =>
      subtypes.filter(({ system }) => system === url),
    );
    const defined = ofType<CodeSystem>('CodeSystem').find(one => one.url === url);
    expect(defined?.concept?.map(({ code, display }) => ({ system: url, code, display }))).toEqual(used);
  });

  it('maps to IHE 360X as the lifecycle does', () => {
    const map = ofType<ConceptMap>('ConceptMap').find(({ id }) => id === 'referral-status-to-360x');
    const mapped = new Map(map?.group?.[0]?.element.map(one => [one.code, one.target?.[0]?.code]));
    const bser = transitions.filter(({ to, messages }) => /^\d/.test(to.step ?? '') && messages.length > 0);
    for (const { to, messages } of bser)
      expect(mapped.get(to.step), to.step).toBe(`PCC-${messages[0]?.transaction}`);
    expect(new Set(mapped.keys())).toEqual(new Set(bser.map(one => one.to.step)));
  });
});
