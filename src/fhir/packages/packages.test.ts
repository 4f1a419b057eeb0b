import { createWriteStream } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testDefinitions } from '../definitions/test-definitions.ts';
import { Profiles } from '../validation/profiles/profiles.ts';
import { enforcedProfiles } from './enforced.ts';
import { loadPackages } from './packages.ts';

const { schema } = await testDefinitions();
const base = 'http://site.example';
const manifest = { name: 'site.package', version: '1.2.3', fhirVersions: ['4.0.1'] };
const profile = {
  resourceType: 'StructureDefinition',
  url: `${base}/StructureDefinition/named`,
  type: 'Patient',
  derivation: 'constraint',
  snapshot: {
    element: [
      { id: 'Patient', path: 'Patient' },
      { id: 'Patient.name', path: 'Patient.name', min: 1 },
    ],
  },
};
const content = {
  'package.json': manifest,
  'StructureDefinition-named.json': profile,
  'StructureDefinition-bare.json': {
    ...profile,
    url: `${base}/StructureDefinition/bare`,
    snapshot: undefined,
  },
  'ValueSet-x.json': { resourceType: 'ValueSet', url: `${base}/ValueSet/x`, text: { div: '<div/>' } },
  'SearchParameter-y.json': { resourceType: 'SearchParameter', url: `${base}/SearchParameter/y` },
  '.index.json': { 'index-version': 1 },
};

let folder: string;
let cacheFolder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packages-'));
  cacheFolder = await mkdtemp(join(tmpdir(), 'packages-cache-'));
});
afterEach(async () => {
  for (const one of [folder, cacheFolder]) await rm(one, { recursive: true, force: true });
});

const load = () => loadPackages(folder, { cacheFolder, schema });

async function archive(name: string, files: Record<string, unknown>): Promise<void> {
  const tar = pack();
  for (const [file, json] of Object.entries(files)) tar.entry({ name: file }, JSON.stringify(json));
  tar.finalize();
  await pipeline(tar, createGzip(), createWriteStream(join(folder, name)));
}

const inPackage = (files: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(files).map(([name, json]) => [`package/${name}`, json]));

async function unpacked(name: string, files: Record<string, unknown>): Promise<void> {
  await mkdir(join(folder, name, 'package'), { recursive: true });
  for (const [file, json] of Object.entries(files))
    await writeFile(join(folder, name, 'package', file), JSON.stringify(json));
}

const known = {
  name: 'site.package',
  version: '1.2.3',
  profiles: [
    { url: profile.url, type: 'Patient', root: { name: 'Patient', children: [{ name: 'name', min: 1 }] } },
  ],
  parameters: [{ url: `${base}/SearchParameter/y` }],
  terminology: [{ resourceType: 'ValueSet', url: `${base}/ValueSet/x` }],
  withoutSnapshot: [`${base}/StructureDefinition/bare`],
};

describe('FHIR packages in a folder', () => {
  it('are none where there is no folder', async () => {
    expect(await loadPackages(join(folder, 'absent'), { cacheFolder, schema })).toEqual([]);
  });

  it('are read from archives, without examples, and from the cache the next time', async () => {
    const example = { resourceType: 'Patient', id: 'example' };
    await archive('package.tgz', { ...inPackage(content), 'package/example/Patient-example.json': example });
    const [first] = await load();
    expect(first).toMatchObject(known);
    expect(first?.terminology[0]).not.toHaveProperty('text');
    expect((await first?.resources())?.map(one => one.resourceType).sort()).toEqual([
      'SearchParameter',
      'StructureDefinition',
      'StructureDefinition',
      'ValueSet',
    ]);
    const [cached = ''] = await readdir(cacheFolder);
    await utimes(join(cacheFolder, cached), 1, 1);
    expect((await load())[0]).toMatchObject(known);
    expect(await readdir(cacheFolder)).toEqual([cached]);
  });

  it('are compiled again when they change, and when the cache was cut short', async () => {
    await archive('package.tgz', inPackage(content));
    await load();
    const [cached = ''] = await readdir(cacheFolder);
    await writeFile(join(cacheFolder, cached), 'half');
    expect((await load())[0]).toMatchObject(known);
    await archive(
      'package.tgz',
      inPackage({ ...content, 'package.json': { ...manifest, version: '2.0.0' } }),
    );
    expect((await load())[0]?.version).toBe('2.0.0');
  });

  it('are read from folders, and read again when a file changes', async () => {
    await unpacked('site', content);
    expect((await load())[0]).toMatchObject(known);
    await cp(join(folder, 'site/package/ValueSet-x.json'), join(folder, 'site/package/ValueSet-z.json'));
    expect((await load())[0]?.terminology).toHaveLength(2);
  });

  it.each<[what: string, prepare: () => Promise<void>, says: RegExp]>([
    [
      'no archive',
      () => writeFile(join(folder, 'x.tgz'), 'hello'),
      /x\.tgz could not be read as a gzipped tar archive/,
    ],
    [
      'no manifest',
      () => archive('x.tgz', { 'package/x.json': {} }),
      /x\.tgz is no FHIR package: it has no package\.json/,
    ],
    [
      'another FHIR',
      () => archive('x.tgz', { 'package/package.json': { ...manifest, fhirVersions: ['5.0.0'] } }),
      /x\.tgz is a package for FHIR 5\.0\.0: this hub speaks 4\.0\.1/,
    ],
    [
      'a broken file',
      async () => {
        await unpacked('site', content);
        await writeFile(join(folder, 'site/package/ValueSet-x.json'), '{');
      },
      /ValueSet-x\.json in .* is not well-formed JSON/,
    ],
  ])('are refused by name: %s', async (_, prepare, says) => {
    await prepare();
    await expect(load()).rejects.toThrow(says);
  });
});

it('a profile that a site enforces must be known', async () => {
  await unpacked('site', content);
  const profiles = new Profiles((await load()).flatMap(one => one.profiles));
  expect([...enforcedProfiles([profile.url], profiles)]).toEqual([['Patient', [profile.url]]]);
  expect(() => enforcedProfiles(['urn:none'], profiles)).toThrow(
    /HUB_PROFILES names urn:none, which is not known/,
  );
});
