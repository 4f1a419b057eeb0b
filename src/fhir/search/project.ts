import type { Resource } from '@medplum/fhirtypes';
import type { Projection } from './parsed.ts';

/** A type's JSON properties (`valueQuantity`) and what a projection must know of the element behind each. */
export type ElementsOf = (type: string) => ReadonlyMap<string, PropertyFacts>;

export interface PropertyFacts {
  element: ElementFacts;
  /** Of its value. */
  type: { code: string };
}

export interface ElementFacts {
  /** `value` for `valueQuantity`. */
  name: string;
  summary?: true;
  required?: true;
}

/** https://hl7.org/fhir/R4/search.html#summary : there is more of it than is shown. */
export const subsetted = {
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
  const kept = pick(resource, properties, keep);
  return tagged(summary === 'true' ? summarized(kept, properties, elementsOf) : kept, resource);
}

/** What every form keeps: who it is, and what may change its meaning. */
const always = new Set(['resourceType', 'id', 'meta', 'implicitRules', 'modifierExtension']);

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

type Json = Record<string, unknown>;

/** The elements that are kept, each with its `_name` of extensions. */
function pick(
  from: object,
  properties: ReadonlyMap<string, PropertyFacts>,
  keep: (element: ElementFacts) => boolean,
): Json {
  return Object.fromEntries(
    Object.entries(from).filter(([key]) => {
      const name = key.startsWith('_') ? key.slice(1) : key;
      const element = properties.get(name)?.element;
      return always.has(name) || (element !== undefined && keep(element));
    }),
  );
}

/** Within an element too, only what is marked stays (an Attachment without its data), where anything is marked. */
function summarized(
  object: Json,
  properties: ReadonlyMap<string, PropertyFacts>,
  elementsOf: ElementsOf,
): Json {
  const inner = (key: string, value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(one => inner(key, one));
    const code = properties.get(key)?.type.code;
    if (typeof value !== 'object' || value === null || code === undefined || key === 'meta') return value;
    const own = elementsOf(code);
    if (![...own.values()].some(property => property.element.summary)) return value;
    return summarized(
      pick(value, own, element => element.summary === true),
      own,
      elementsOf,
    );
  };
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, inner(key, value)]));
}

function tagged(kept: Json, { resourceType, meta }: Resource): Resource {
  const tags = (meta?.tag ?? []).filter(
    tag => tag.code !== subsetted.code || tag.system !== subsetted.system,
  );
  return { ...kept, resourceType, meta: { ...meta, tag: [...tags, subsetted] } } as Resource;
}
