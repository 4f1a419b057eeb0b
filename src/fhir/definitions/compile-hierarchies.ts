import type { CodeSystem, CodeSystemConcept, Resource } from '@medplum/fhirtypes';

/** The concepts that are directly above a code, for the codes of a system that have any. */
export type CompiledHierarchy = Readonly<Record<string, readonly string[]>>;

/** The hierarchies of the code systems that are published whole, by URL; a flat one is empty. */
export function compileHierarchies(terminology: readonly Resource[]): Record<string, CompiledHierarchy> {
  const compiled: Record<string, CompiledHierarchy> = {};
  for (const resource of terminology) {
    if (resource.resourceType !== 'CodeSystem' || !resource.url || resource.content !== 'complete') continue;
    compiled[resource.url] = hierarchy(resource);
  }
  return compiled;
}

function hierarchy({ concept = [] }: CodeSystem): CompiledHierarchy {
  const parents: Record<string, string[]> = {};
  const visit = (one: CodeSystemConcept, above: string | undefined) => {
    const named = (one.property ?? []).filter(({ code }) => code === 'subsumedBy' || code === 'parent');
    const all = [above, ...named.map(property => property.valueCode)].filter(code => code !== undefined);
    if (all.length > 0) parents[one.code] = [...new Set(all)];
    for (const child of one.concept ?? []) visit(child, one.code);
  };
  for (const one of concept) visit(one, undefined);
  return parents;
}
