import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SearchParameter } from '@medplum/fhirtypes';
import type { Compiled } from './build.ts';
import { cachedDefinitions } from './cache.ts';
import { compileParameters, isAbstract } from './compile-parameters.ts';
import { Hierarchy } from './hierarchy.ts';
import { Schema } from './schema.ts';
import type { CompiledProfile } from './schema-profile.ts';
import type { Definitions, SearchParam } from './types.ts';
import { CodeSet } from './value-set.ts';

/** The definitions of FHIR R4 with all that the hub's own parts need of them. */
export interface LoadedDefinitions extends Definitions {
  readonly schema: Schema;
  /** Profiles and extensions that are published with FHIR, compiled. */
  readonly profiles: readonly CompiledProfile[];
  /** Elements that `_summary=true` keeps (https://hl7.org/fhir/R4/search.html#summary), by their FHIRPath names. */
  summaryElements(type: string): ReadonlySet<string>;
  mandatoryElements(type: string): ReadonlySet<string>;
  /** Codes of the search parameters that put a resource of the type in a patient's compartment. */
  patientCompartment(type: string): readonly string[];
}

export interface LoadOptions {
  /** Where the compiled definitions are kept. */
  cacheFolder: string;
  /** JSON files, among them the hub's own SearchParameters; by default those of `profiles/`. */
  profileFolder?: string;
}

/** Loads the definitions of FHIR R4 and the hub's own search parameters: quickly, once they have been compiled. */
export async function loadDefinitions(options: LoadOptions): Promise<LoadedDefinitions> {
  const compiled = await cachedDefinitions(options.cacheFolder);
  const folder = options.profileFolder ?? join(import.meta.dirname, '../../../profiles');
  return new R4Definitions(compiled, await ownParameters(folder));
}

async function ownParameters(folder: string): Promise<SearchParameter[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const own: SearchParameter[] = [];
  for (const name of names.filter(name => name.endsWith('.json')).sort()) {
    const resource: unknown = JSON.parse(await readFile(join(folder, name), 'utf8'));
    if (isSearchParameter(resource)) own.push(resource);
  }
  return own;
}

function isSearchParameter(value: unknown): value is SearchParameter {
  return (
    typeof value === 'object' &&
    value !== null &&
    'resourceType' in value &&
    value.resourceType === 'SearchParameter'
  );
}

class R4Definitions implements LoadedDefinitions {
  readonly schema: Schema;
  readonly profiles: readonly CompiledProfile[];
  readonly resourceTypes: ReadonlySet<string>;
  readonly #compiled: Compiled;
  readonly #parameters = new Map<string, Map<string, SearchParam>>();
  readonly #valueSets = new Map<string, CodeSet>();
  readonly #hierarchies = new Map<string, Hierarchy>();

  constructor(compiled: Compiled, own: readonly SearchParameter[]) {
    this.#compiled = compiled;
    this.schema = new Schema(compiled.types);
    this.profiles = compiled.profiles;
    const resources = compiled.types.filter(type => type.kind === 'resource' && !isAbstract(type.name));
    this.resourceTypes = new Set(resources.map(type => type.name));
    for (const type of this.resourceTypes) this.#parameters.set(type, new Map());
    const known = new Map(compiled.parameters.map(parameter => [parameter.url, parameter]));
    for (const parameter of [...compiled.parameters, ...compileParameters(own, this.schema, known)]) {
      this.#parameters.get(parameter.type)?.set(parameter.code, parameter);
    }
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
