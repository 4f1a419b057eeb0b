import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  CodeSystem,
  ConceptMap,
  Resource,
  SearchParameter,
  StructureDefinition,
  ValueSet,
} from '@medplum/fhirtypes';
import { compilerDigest, readChecked, writeChecked } from '../definitions/cache.ts';
import { compileProfiles } from '../definitions/compile-profiles.ts';
import type { Schema } from '../definitions/schema.ts';
import type { CompiledProfile } from '../definitions/schema-profile.ts';
import { digestOf, type PackageSource, packageSources, readPackage } from './read-package.ts';

/** What the hub knows of a FHIR package while it runs. */
export interface LoadedPackage {
  name: string;
  version: string;
  /** Of its content. */
  digest: string;
  profiles: readonly CompiledProfile[];
  parameters: readonly SearchParameter[];
  terminology: readonly (CodeSystem | ValueSet | ConceptMap)[];
  /** Canonical URLs of profiles without a snapshot, which cannot be checked. */
  withoutSnapshot: readonly string[];
  /** All its resources, read from the package again. */
  resources(): Promise<Resource[]>;
}

type Compiled = Omit<LoadedPackage, 'resources' | 'digest'>;

/**
 * The packages in a folder, compiled: the first time from their files, then from the cache, as long as neither the
 * package nor the compiler has changed.
 */
export async function loadPackages(
  folder: string,
  { cacheFolder, schema }: { cacheFolder: string; schema: Schema },
): Promise<LoadedPackage[]> {
  const sources = await packageSources(folder);
  if (sources.length === 0) return [];
  const compiler = await compilerDigest();
  const loaded = await Promise.all(
    sources.map(async source => {
      const digest = await digestOf(source);
      const file = join(cacheFolder, `package-${digest.slice(0, 24)}-${compiler}.json`);
      const cached = (await readChecked(file)) as Compiled | undefined;
      const compiled = cached ?? (await compileTo(file, source, schema));
      const resources = async () => (await readPackage(source)).resources;
      return { ...compiled, digest, resources };
    }),
  );
  await removeStale(cacheFolder, compiler);
  return loaded;
}

async function compileTo(file: string, source: PackageSource, schema: Schema): Promise<Compiled> {
  const { name, version, resources } = await readPackage(source);
  const definitions = resources.filter(one => isOf<StructureDefinition>(one, 'StructureDefinition'));
  const compiled: Compiled = {
    name,
    version,
    profiles: compileProfiles(definitions, schema),
    parameters: resources.filter(one => isOf<SearchParameter>(one, 'SearchParameter')).map(plain),
    terminology: resources.filter(isTerminology).map(plain),
    withoutSnapshot: definitions
      .filter(sd => sd.derivation === 'constraint' && !sd.snapshot)
      .map(sd => sd.url ?? ''),
  };
  await writeChecked(file, compiled);
  return compiled;
}

function isOf<R extends Resource>(resource: Resource, type: R['resourceType']): resource is R {
  return resource.resourceType === type;
}

function isTerminology(resource: Resource): resource is CodeSystem | ValueSet | ConceptMap {
  return ['CodeSystem', 'ValueSet', 'ConceptMap'].includes(resource.resourceType);
}

/** Without the narrative, which nothing here reads. */
function plain<R extends SearchParameter | CodeSystem | ValueSet | ConceptMap>(resource: R): R {
  const { text: _, ...rest } = resource;
  return rest as R;
}

/** Those that another version of the compiler made: it would not read them. */
async function removeStale(folder: string, compiler: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const stale = /^package-\S+\.json$/.test(name) && !name.endsWith(`-${compiler}.json`);
    if (stale) await rm(join(folder, name), { force: true });
  }
}
