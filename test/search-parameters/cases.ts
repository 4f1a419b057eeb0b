import type { Resource } from '@medplum/fhirtypes';
import type { LoadedDefinitions } from '../../src/fhir/definitions/definitions.ts';
import type { Property } from '../../src/fhir/definitions/schema.ts';
import type { SearchParam } from '../../src/fhir/definitions/types.ts';
import { endsOf, type Path, pathsOf, place } from './placement.ts';
import { type Samples, samplesFor } from './samples.ts';

/** Resources that tell right from wrong, and the searches that must find just some of them. */
export interface SearchCase {
  name: string;
  type: string;
  resources: readonly Resource[];
  searches: readonly { query: readonly (readonly [string, string])[]; right: readonly number[] }[];
}

/** A parameter with a place of its values in the resource, and samples for there. */
interface Sampled {
  parameter: SearchParam;
  path: Path;
  end: Property;
  samples: Samples;
}

/** Where a parameter looks and what can be put there; those that are no plain path, or of special types, are left out. */
export function sampled(parameter: SearchParam, definitions: LoadedDefinitions): Sampled[] {
  return pathsOf(parameter.expression, parameter.type).flatMap(path =>
    path
      ? endsOf(path, parameter.type, definitions.schema).flatMap(end => {
          const samples = samplesFor(parameter, path, end, definitions);
          return samples ? [{ parameter, path, end, samples }] : [];
        })
      : [],
  );
}

/** One case for each type of value that a parameter can have. */
export function singleCases(parameter: SearchParam, definitions: LoadedDefinitions): SearchCase[] {
  return sampled(parameter, definitions).map(one => {
    const { path, end, samples } = one;
    return {
      name: `${parameter.type}?${parameter.code} in ${path.steps.map(step => step.name).join('.')} (${end.type.code})`,
      type: parameter.type,
      resources: samples.values.map(value => resourceWith(parameter.type, [[one, value]], definitions)),
      searches: samples.asked.map(({ value, right }) => ({ query: [[parameter.code, value]], right })),
    };
  });
}

/**
 * Several parameters together: a resource in which all are right, and for each parameter one in which it alone is
 * wrong. Asked once for each value of the last parameter that can be told, with what the others take.
 */
export function combinedCase(
  type: string,
  parameters: readonly SearchParam[],
  definitions: LoadedDefinitions,
): SearchCase | undefined {
  const all = parameters.map(parameter => sampled(parameter, definitions)[0]);
  if (!all.every(one => one !== undefined)) return undefined;
  const resources: Resource[] = [];
  const searches: SearchCase['searches'][number][] = [];
  const last = all.at(-1);
  for (const asked of last?.samples.asked ?? []) {
    const queries = all.map((one, at) => (at === all.length - 1 ? asked : one.samples.asked[0]));
    const rights = queries.map(query => query?.right[0]);
    const wrongs = all.map((one, at) =>
      one.samples.values.findIndex((_, value) => !queries[at]?.right.includes(value)),
    );
    if (rights.some(right => right === undefined)) continue;
    const made = (wrong?: number) =>
      resourceWith(
        type,
        all.map(
          (one, at) => [one, one.samples.values[(at === wrong ? wrongs[at] : rights[at]) ?? 0]] as const,
        ),
        definitions,
      );
    const right = resources.push(made()) - 1;
    for (const [at, wrong] of wrongs.entries()) if (wrong >= 0) resources.push(made(at));
    // What an earlier value made right may be right for this one too: each is asked of its own resources.
    searches.push({
      query: [
        ...all.map((one, at) => [one.parameter.code, queries[at]?.value ?? ''] as const),
        ['_tag', `urn:turn|${searches.length}`],
      ],
      right: [right],
    });
    for (const resource of resources.slice(right)) tag(resource, 'urn:turn', `${searches.length - 1}`);
  }
  return { name: `${type}?${parameters.map(one => one.code).join('&')}`, type, resources, searches };
}

export function tag(resource: Resource, system: string, code: string): void {
  resource.meta = { ...resource.meta, tag: [...(resource.meta?.tag ?? []), { system, code }] };
}

function resourceWith(
  type: string,
  values: readonly (readonly [Sampled, unknown])[],
  { schema }: LoadedDefinitions,
): Resource {
  const resource = { resourceType: type } as Resource;
  for (const [{ path, end }, value] of values) place(resource, path, end, structuredClone(value), schema);
  return resource;
}
