import type { Resource } from '@medplum/fhirtypes';
import type { Projection } from './parsed.ts';

/** A type's JSON properties (`valueQuantity`) and what a projection must know of the element behind each. */
export type ElementsOf = (type: string) => ReadonlyMap<string, { element: ElementFacts }>;

export interface ElementFacts {
  /** `value` for `valueQuantity`. */
  name: string;
  summary?: true;
  required?: true;
}

const subsetted = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue',
  code: 'SUBSETTED',
  display: 'Resource encoded in summary mode',
};

/**
 * The part of a resource that `_summary` or `_elements` asks for, tagged SUBSETTED
 * (https://hl7.org/fhir/R4/search.html#summary). The same object when everything is asked for.
 */
export function project(
  resource: Resource,
  { summary, elements }: Projection,
  elementsOf: ElementsOf,
): Resource {
  const keep = selection(resource.resourceType, summary, elements);
  if (!keep) return resource;
  const properties = elementsOf(resource.resourceType);
  return subset(resource, name => {
    const element = properties.get(name)?.element;
    return always.has(name) || (element !== undefined && keep(element));
  });
}

const always = new Set(['resourceType', 'id', 'meta']);

/** Which elements to keep; undefined: all. Mandatory ones stay, so that what is sent is still valid. */
function selection(
  type: string,
  summary: Projection['summary'],
  elements: Projection['elements'],
): ((element: ElementFacts) => boolean) | undefined {
  if (summary === 'data') return element => element.name !== 'text';
  if (summary === 'true') return element => element.summary === true;
  if (summary === 'text') return element => element.required === true || element.name === 'text';
  if (!elements) return undefined;
  const names = new Set(elements.flatMap(name => namedElement(name, type)));
  return element => element.required === true || names.has(element.name);
}

/** `Patient.name` names an element of patients alone. */
function namedElement(name: string, type: string): string[] {
  const [first = '', second] = name.split('.');
  if (second === undefined) return [first];
  return first === type ? [second] : [];
}

/** The elements that are kept, each with its `_name` of extensions. */
function subset(resource: Resource, keep: (name: string) => boolean): Resource {
  const kept = Object.entries(resource).filter(([name]) => keep(name.startsWith('_') ? name.slice(1) : name));
  const tags = (resource.meta?.tag ?? []).filter(
    tag => tag.code !== subsetted.code || tag.system !== subsetted.system,
  );
  return { ...(Object.fromEntries(kept) as Resource), meta: { ...resource.meta, tag: [...tags, subsetted] } };
}
