import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Resource, SearchParameter, StructureDefinition } from '@medplum/fhirtypes';
import { type LoadedPackage, loadPackages } from '../packages/packages.ts';
import type { Compiled } from './build.ts';
import { cachedDefinitions } from './cache.ts';
import { compileParameters, isAbstract } from './compile-parameters.ts';
import { compileProfiles } from './compile-profiles.ts';
import { Hierarchy } from './hierarchy.ts';
import { Schema } from './schema.ts';
import type { CompiledProfile } from './schema-profile.ts';
import type { Definitions, SearchParam } from './types.ts';
import { CodeSet } from './value-set.ts';

/** The definitions of FHIR R4 with all that the hub's own parts need of them. */
export interface LoadedDefinitions extends Definitions {
  readonly schema: Schema;
  /** Profiles and extensions, compiled: those published with FHIR, then those of packages, then the hub's own. */
  readonly profiles: readonly CompiledProfile[];
  /** FHIR packages, in the order of their names. */
  readonly packages: readonly LoadedPackage[];
  /** Elements that `_summary=true` keeps (https://hl7.org/fhir/R4/search.html#summary), by their FHIRPath names. */
  summaryElements(type: string): ReadonlySet<string>;
  mandatoryElements(type: string): ReadonlySet<string>;
  /** Codes of the search parameters that put a resource of the type in a patient's compartment. */
  patientCompartment(type: string): readonly string[];
}

export interface LoadOptions {
  /** Where the compiled definitions are kept. */
  cacheFolder: string;
  /** JSON files, among them the hub's own profiles and SearchParameters; by default those of `profiles/`. */
  profileFolder?: string;
  /** FHIR packages: archives and folders. */
  packageFolder?: string;
}

/** Loads the definitions of FHIR R4, of packages and the hub's own: quickly, once they have been compiled. */
export async function loadDefinitions(options: LoadOptions): Promise<LoadedDefinitions> {
  const { cacheFolder, packageFolder } = options;
  const compiled = await cachedDefinitions(cacheFolder);
  const schema = new Schema(compiled.types);
  const folder = options.profileFolder ?? join(import.meta.dirname, '../../../profiles');
  const [own, packages] = await Promise.all([
    ownDefinitions(folder),
    packageFolder ? loadPackages(packageFolder, { cacheFolder, schema }) : [],
  ]);
  return new R4Definitions(compiled, schema, own, packages);
}

interface OwnDefinitions {
  parameters: SearchParameter[];
  structures: StructureDefinition[];
}

async function ownDefinitions(folder: string): Promise<OwnDefinitions> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const own: OwnDefinitions = { parameters: [], structures: [] };
  for (const name of names.filter(name => name.endsWith('.json')).sort()) {
    const resource: Partial<Resource> | null = JSON.parse(await readFile(join(folder, name), 'utf8'));
    if (resource?.resourceType === 'SearchParameter') own.parameters.push(resource as SearchParameter);
    if (resource?.resourceType === 'StructureDefinition')
      own.structures.push(resource as StructureDefinition);
  }
  return own;
}

class R4Definitions implements LoadedDefinitions {
  readonly schema: Schema;
  readonly profiles: readonly CompiledProfile[];
  readonly packages: readonly LoadedPackage[];
  readonly resourceTypes: ReadonlySet<string>;
  readonly #compiled: Compiled;
  readonly #parameters = new Map<string, Map<string, SearchParam>>();
  readonly #valueSets = new Map<string, CodeSet>();
  readonly #hierarchies = new Map<string, Hierarchy>();

  constructor(compiled: Compiled, schema: Schema, own: OwnDefinitions, packages: readonly LoadedPackage[]) {
    this.#compiled = compiled;
    this.schema = schema;
    this.packages = packages;
    this.profiles = [
      ...compiled.profiles,
      ...packages.flatMap(one => one.profiles),
      ...compileProfiles(own.structures, schema),
    ];
    const resources = compiled.types.filter(type => type.kind === 'resource' && !isAbstract(type.name));
    this.resourceTypes = new Set(resources.map(type => type.name));
    for (const type of this.resourceTypes) this.#parameters.set(type, new Map());
    this.#addParameters(own.parameters, packages);
  }

  /** A package's parameter of a name that the type has already is meant to be the same, said again. */
  #addParameters(own: readonly SearchParameter[], packages: readonly LoadedPackage[]): void {
    const { parameters } = this.#compiled;
    const known = new Map(parameters.map(parameter => [parameter.url, parameter]));
    const add = (all: readonly SearchParam[], replace: boolean) => {
      for (const parameter of all) {
        const ofType = this.#parameters.get(parameter.type);
        if (replace || !ofType?.has(parameter.code)) ofType?.set(parameter.code, parameter);
      }
    };
    add(parameters, true);
    for (const one of packages) add(compileParameters(one.parameters, this.schema, known), false);
    add(compileParameters(own, this.schema, known), true);
  }

  searchParameters(type: string): ReadonlyMap<string, SearchParam> {
    return this.#parameters.get(type) ?? new Map();
  }

  allSearchParameters(): readonly SearchParam[] {
    // The id and the time of the last update are columns of every resource.
    return [...this.#parameters.values()]
      .flatMap(parameters => [...parameters.values()])
      .filter(({ code }) => code !== '_id' && code !== '_lastUpdated');
  }

  valueSet(url: string): CodeSet | undefined {
    const codes = Object.hasOwn(this.#compiled.valueSets, url) ? this.#compiled.valueSets[url] : undefined;
    if (!codes) return undefined;
    let set = this.#valueSets.get(url);
    if (!set) {
      set = new CodeSet(codes);
      this.#valueSets.set(url, set);
    }
    return set;
  }

  hierarchy(system: string): Hierarchy | undefined {
    const compiled = Object.hasOwn(this.#compiled.hierarchies, system)
      ? this.#compiled.hierarchies[system]
      : undefined;
    if (!compiled) return undefined;
    const known = this.#hierarchies.get(system) ?? new Hierarchy(compiled);
    this.#hierarchies.set(system, known);
    return known;
  }

  summaryElements(type: string): ReadonlySet<string> {
    return this.#elements(type, element => element.summary === true);
  }

  mandatoryElements(type: string): ReadonlySet<string> {
    return this.#elements(type, element => element.required === true);
  }

  patientCompartment(type: string): readonly string[] {
    return this.#compiled.patientCompartment[type] ?? [];
  }

  #elements(
    type: string,
    wanted: (element: { summary?: true; required?: true }) => boolean,
  ): ReadonlySet<string> {
    return new Set((this.schema.find(type)?.elements ?? []).filter(wanted).map(element => element.name));
  }
}
