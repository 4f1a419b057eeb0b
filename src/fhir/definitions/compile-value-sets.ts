import type { CodeSystem, CodeSystemConcept, ValueSet, ValueSetComposeInclude } from '@medplum/fhirtypes';

/** The codes of a value set by system, as the cache keeps them. */
export type CompiledValueSet = Readonly<Record<string, readonly string[]>>;

/**
 * Expands the value sets that FHIR publishes, by canonical URL without version. One that takes its codes from what
 * is not published with FHIR (mime types, currencies, UCUM, SNOMED CT) is left out.
 */
export function compileValueSets(
  terminology: readonly (CodeSystem | ValueSet)[],
): Record<string, CompiledValueSet> {
  const library = new Library(terminology);
  const urls = new Set(
    terminology.flatMap(one => (one.resourceType === 'ValueSet' && one.url ? [one.url] : [])),
  );
  const compiled: Record<string, CompiledValueSet> = {};
  for (const url of [...urls].sort()) {
    const codes = library.expand(url);
    if (codes) compiled[url] = Object.fromEntries([...codes].map(([system, set]) => [system, [...set]]));
  }
  return compiled;
}

type Codes = Map<string, Set<string>>;

class Library {
  readonly #valueSets = new Map<string, ValueSet>();
  readonly #systems = new Map<string, CodeSystem>();

  constructor(terminology: readonly (CodeSystem | ValueSet)[]) {
    for (const resource of terminology) {
      if (!resource.url) continue;
      if (resource.resourceType === 'ValueSet') this.#valueSets.set(resource.url, resource);
      else if (resource.resourceType === 'CodeSystem') this.#systems.set(resource.url, resource);
    }
  }

  /** Undefined when some of the codes cannot be known. */
  expand(url: string, visiting: readonly string[] = []): Codes | undefined {
    const compose = this.#valueSets.get(url)?.compose;
    if (!compose || compose.exclude || visiting.includes(url)) return undefined;
    const all: Codes = new Map();
    for (const include of compose.include) {
      const codes = this.#include(include, [...visiting, url]);
      if (!codes) return undefined;
      for (const [system, set] of codes) all.set(system, new Set([...(all.get(system) ?? []), ...set]));
    }
    return all;
  }

  #include(include: ValueSetComposeInclude, visiting: readonly string[]): Codes | undefined {
    if (include.filter) return undefined;
    if (include.valueSet) {
      const [only, ...more] = include.valueSet;
      // Several value sets, or one and a system, mean their intersection: no published one does that.
      return only && more.length === 0 && !include.system
        ? this.expand(only.split('|', 1)[0] ?? '', visiting)
        : undefined;
    }
    const codes = include.concept?.map(concept => concept.code) ?? this.#allCodes(include.system);
    return codes && new Map([[include.system ?? '', new Set(codes)]]);
  }

  #allCodes(system: string | undefined): string[] | undefined {
    const found = system ? this.#systems.get(system) : undefined;
    return found?.content === 'complete' ? descend(found.concept ?? []) : undefined;
  }
}

function descend(concepts: readonly CodeSystemConcept[]): string[] {
  return concepts.flatMap(concept => [concept.code, ...descend(concept.concept ?? [])]);
}
