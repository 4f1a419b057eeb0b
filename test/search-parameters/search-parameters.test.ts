import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bundle, CapabilityStatement, Extension, Resource } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isOpen } from '../../src/access/open-types.ts';
import type { LoadedDefinitions } from '../../src/fhir/definitions/definitions.ts';
import { loadDefinitions } from '../../src/fhir/definitions/definitions.ts';
import { testCacheFolder } from '../../src/fhir/definitions/test-definitions.ts';
import { dataFolder } from '../../src/fhir/definitions/test-resources.ts';
import { rowsOf } from '../../src/fhir/write/compile.ts';
import { onSqlite } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { listOf, version } from '../harness/writes.ts';
import { combinedCase, type SearchCase, singleCases, tag } from './cases.ts';

/** Types whose parameters are tried always; those of all types when everything is checked. */
const usual = [
  'CarePlan',
  'CareTeam',
  'Condition',
  'Encounter',
  'Observation',
  'Patient',
  'ServiceRequest',
  'Task',
];

/** The package as it is published, unpacked beside the hub's own profiles; undefined where it is absent. */
function unpacked(): { folder: string; statement: CapabilityStatement } | undefined {
  const folder = join(dataFolder, 'us-core');
  const archive = existsSync(folder) ? readdirSync(folder).find(name => name.endsWith('.tgz')) : undefined;
  if (!archive) return undefined;
  const target = mkdtempSync(join(tmpdir(), 'hub-us-core-'));
  execFileSync('tar', ['xzf', join(folder, archive), '-C', target]);
  const content = join(target, 'package');
  const statement = JSON.parse(
    readFileSync(join(content, 'CapabilityStatement-us-core-server.json'), 'utf8'),
  );
  const profiles = join(target, 'profiles');
  cpSync(join(import.meta.dirname, '../../profiles'), profiles, { recursive: true });
  for (const name of readdirSync(content).filter(name => name.startsWith('SearchParameter-')))
    cpSync(join(content, name), join(profiles, name));
  return { folder: profiles, statement };
}

const usCore = unpacked();

const isShall = (of: { extension?: Extension[] }): boolean =>
  (of.extension ?? []).some(
    one => one.url.endsWith('capabilitystatement-expectation') && one.valueCode === 'SHALL',
  );

/** Every search that the statement marks SHALL: single parameters, and combinations. */
function required(statement: CapabilityStatement, definitions: LoadedDefinitions): SearchCase[] {
  return (statement.rest?.[0]?.resource ?? []).flatMap(({ type, searchParam = [], extension = [] }) => {
    const parameters = definitions.searchParameters(type);
    const named = (code: string) => {
      const parameter = parameters.get(code);
      if (!parameter) throw new Error(`${type} has no parameter ${code}`);
      return parameter;
    };
    const single = searchParam
      .filter(isShall)
      .filter(({ name }) => name !== '_id')
      .flatMap(({ name }) => singleCases(named(name), definitions));
    const combinations = extension
      .filter(one => one.url.endsWith('search-parameter-combination') && isShall(one))
      .map(one =>
        (one.extension ?? []).flatMap(part => (part.url === 'required' ? [part.valueString ?? ''] : [])),
      );
    const combined = combinations.flatMap(codes => {
      const found = combinedCase(type, codes.map(named), definitions);
      if (!found) throw new Error(`no data can be made for ${type}?${codes.join('&')}`);
      return [found];
    });
    return [...single, ...combined];
  });
}

function basic(definitions: LoadedDefinitions): SearchCase[] {
  // AuditEvents are answered by the audit: no data is made for them, and they have fewer parameters.
  const all = [...definitions.resourceTypes].filter(type => type !== 'AuditEvent');
  const types = process.env.CHECK_FULL ? all : usual;
  return types.flatMap(type =>
    [...definitions.searchParameters(type).values()]
      .filter(({ code }) => !code.startsWith('_'))
      .flatMap(parameter => singleCases(parameter, definitions)),
  );
}

const definitions = await loadDefinitions({
  cacheFolder: testCacheFolder,
  ...(usCore ? { profileFolder: usCore.folder } : {}),
});
const cases = {
  base: basic(definitions),
  usCore: usCore ? required(usCore.statement, definitions) : [],
};
afterAll(() => {
  if (usCore) rmSync(join(usCore.folder, '..'), { recursive: true, force: true });
});

onSqlite('search parameters tell right from wrong', database => {
  let hub: TestHub;
  let hospital: Party;

  beforeAll(async () => {
    hub = await startTestHub(database, {}, usCore ? { profileFolder: usCore.folder } : {});
    hospital = await hub.party('hospital');
    await store(
      [...definitions.resourceTypes].flatMap(type =>
        ['right', 'wrong'].map(id => ({ resourceType: type, id }) as Resource),
      ),
    );
    const all = [...cases.base, ...cases.usCore];
    const resources = all.flatMap((one, at) =>
      one.resources.map((resource, index) => stored(resource, at, index)),
    );
    for (let at = 0; at < resources.length; at += 2000) await store(resources.slice(at, at + 2000));
  });
  afterAll(() => hub.stop());

  const places = new Map([...cases.base, ...cases.usCore].map((one, at) => [one, at]));
  const rids = new Map<string, number>();

  function stored(resource: Resource, at: number, index: number): Resource {
    const copy = structuredClone(resource);
    copy.id = `case-${at}-${index}`;
    tag(copy, 'urn:case', `${at}`);
    return copy;
  }

  /** Straight into the store: what is looked for may be all that a resource has. */
  async function store(resources: readonly Resource[]): Promise<void> {
    const { parts } = hub.hub;
    const numbers = await parts.store.reserve(resources.length);
    resources.forEach((one, at) => void rids.set(`${one.resourceType}/${one.id}`, numbers[at] ?? 0));
    const writes = resources.map((resource, at) =>
      version({
        rid: numbers[at] ?? 0,
        type: resource.resourceType,
        id: resource.id ?? '',
        body: JSON.stringify(resource),
        source: 'hospital',
        open: isOpen(resource.resourceType),
        add: rowsOf(parts.extract(resource), reference => rids.get(reference)),
      }),
    );
    const result = await parts.store.commit(listOf(writes));
    if (!result.ok) throw new Error(JSON.stringify(result.failed));
  }

  async function check(one: SearchCase): Promise<void> {
    const at = places.get(one) ?? -1;
    for (const { query, right } of one.searches) {
      const search = new URLSearchParams([
        ...query.map(([name, value]) => [name, value]),
        ['_tag', `urn:case|${at}`],
        ['_count', '100'],
      ]);
      const answer = await hospital.get(`/${one.type}?${search}`);
      const shown = `${one.type}?${query.map(pair => pair.join('=')).join('&')}`;
      expect(answer.status, `${shown}: ${answer.text}`).toBe(200);
      const found = ((answer.json as Bundle).entry ?? []).map(entry =>
        Number(entry.resource?.id?.split('-')[2]),
      );
      expect(
        found.sort((a, b) => a - b),
        shown,
      ).toEqual(right);
    }
  }

  describe('of FHIR R4', () => {
    it.each([...Map.groupBy(cases.base, one => one.type)])('%s', async (_, ofType) => {
      for (const one of ofType) await check(one);
    });
  });

  describe.skipIf(!usCore)('that US Core 8 requires (skipped where its package is absent)', () => {
    it.each(cases.usCore.map(one => [one.name, one] as const))('%s', async (_, one) => {
      await check(one);
    });
  });
});

it('leaves out few parameters', () => {
  const tried = new Set(cases.base.map(one => one.name.split(' ')[0]));
  expect(cases.base.length).toBeGreaterThan(100);
  expect(tried.size).toBeGreaterThan(80);
  if (usCore) expect(cases.usCore.length).toBeGreaterThan(40);
});
