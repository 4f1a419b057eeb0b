import type { ElementDefinition, Resource, StructureDefinition } from '@medplum/fhirtypes';

type Json = Record<string, unknown>;

/** An example with one thing wrong that its profile forbids. */
export interface Mutant {
  /** What was done to which element. */
  name: string;
  /** The element, as the definition names it. */
  element: string;
  resource: Resource;
  /** It no longer belongs to a slice that may be absent: that makes it something else, not something wrong. */
  outside: boolean;
}

/** All that a definition forbids, each done to an example where it has the element. */
export function mutantsOf(definition: StructureDefinition, example: Resource): Mutant[] {
  return (definition.snapshot?.element ?? []).flatMap(element => [
    ...changed(definition, example, element, 'required', without),
    ...changed(definition, example, element, 'value', otherValue),
    ...changed(definition, example, element, 'code', otherCode),
  ]);
}

/** Changes all values of the element below one parent; false where there is nothing to change. */
type Change = (places: readonly Place[], element: ElementDefinition) => boolean;

function changed(
  definition: StructureDefinition,
  example: Resource,
  element: ElementDefinition,
  kind: string,
  change: Change,
): Mutant[] {
  const { id = '' } = element;
  const parents = groupsIn(definition, structuredClone(example), id).length;
  return Array.from({ length: parents }, (_, index) => {
    const resource = structuredClone(example);
    const places = groupsIn(definition, resource, id)[index] ?? [];
    if (!change(places, element)) return [];
    const outside = optionalSlices(definition, id).some(
      slice =>
        groupsIn(definition, resource, slice).flat().length <
        groupsIn(definition, example, slice).flat().length,
    );
    return [{ name: `${kind} ${id} in ${example.id}`, element: id, resource, outside }];
  }).flat();
}

/** Slices that the element is in and that may be absent. */
const optionalSlices = ({ snapshot }: StructureDefinition, id: string): string[] =>
  (snapshot?.element ?? []).flatMap(({ id: own = '', sliceName, min }) =>
    sliceName && min === 0 && id.startsWith(`${own}.`) ? [own] : [],
  );

/** A value and where it is. */
interface Place {
  parent: Json;
  key: string;
  value: unknown;
}

/** The values of an element, by the parent they belong to. */
function groupsIn(definition: StructureDefinition, example: Resource, id: string): Place[][] {
  const [root = '', ...steps] = id.split('.');
  let parents = rootsIn(definition, example);
  let path = root;
  for (const [index, step] of steps.entries()) {
    path = `${path}.${step}`;
    const groups = parents.map(parent => placesAt(definition, parent, step, path));
    if (index === steps.length - 1) return groups.filter(group => group.length > 0);
    parents = groups.flat().flatMap(({ value }) => (isJson(value) ? [value] : []));
  }
  return [];
}

/** Of a profile the resource, of an extension wherever it is used. */
function rootsIn({ type, url }: StructureDefinition, example: Resource): Json[] {
  if (type !== 'Extension') return [example as unknown as Json];
  const found: Json[] = [];
  const look = (value: unknown): void => {
    if (Array.isArray(value)) for (const one of value) look(one);
    if (!isJson(value)) return;
    if (value.url === url) found.push(value);
    for (const one of Object.values(value)) look(one);
  };
  look(example);
  return found;
}

function placesAt(definition: StructureDefinition, parent: Json, step: string, path: string): Place[] {
  const [name = '', slice] = step.split(':');
  const keys = name.endsWith('[x]')
    ? Object.keys(parent).filter(key => new RegExp(`^${name.slice(0, -3)}[A-Z]`).test(key))
    : [name].filter(key => key in parent);
  const all = keys.flatMap(key => [parent[key]].flat().map((value): Place => ({ parent, key, value })));
  return slice ? all.filter(({ value }) => isOfSlice(definition, path, value)) : all;
}

/** Whether a value has what sets a slice apart: its fixed values and patterns, or the extension's URL. */
function isOfSlice(definition: StructureDefinition, path: string, value: unknown): boolean {
  const elements = definition.snapshot?.element ?? [];
  const slice = elements.find(one => one.id === path);
  const [type] = slice?.type ?? [];
  if (type?.code === 'Extension' && type.profile)
    return isJson(value) && type.profile.includes(String(value.url));
  const marks = elements.flatMap(one => {
    const asked = askedOf(one);
    return asked && (one.id === path || one.id?.startsWith(`${path}.`)) ? [{ id: one.id ?? '', asked }] : [];
  });
  return (
    marks.length > 0 && marks.every(({ id, asked }) => hasAt(value, id.slice(path.length + 1), asked.value))
  );
}

function hasAt(value: unknown, path: string, asked: unknown): boolean {
  if (path === '') return includes(value, asked);
  const [step = '', ...rest] = path.split('.');
  const key = step.endsWith('[x]') ? step.slice(0, -3) : step;
  return (
    isJson(value) && [value[key]].flat().some(one => one !== undefined && hasAt(one, rest.join('.'), asked))
  );
}

/** Whether a value has at least what a pattern has. */
function includes(value: unknown, pattern: unknown): boolean {
  if (Array.isArray(pattern)) return pattern.every(one => [value].flat().some(own => includes(own, one)));
  if (isJson(pattern))
    return isJson(value) && Object.entries(pattern).every(([key, one]) => includes(value[key], one));
  return value === pattern;
}

/** What an element must be, exactly or at least. */
function askedOf(element: ElementDefinition): { value: unknown } | undefined {
  const found = Object.entries(element).find(([key]) => /^(fixed|pattern)[A-Z]/.test(key));
  return found && { value: found[1] };
}

const absent = {
  url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason',
  valueCode: 'unknown',
};

/** Takes a required element away. What would be empty then says that something is not known. */
function without(places: readonly Place[], { min = 0 }: ElementDefinition): boolean {
  const [first] = places;
  if (min < 1 || !first) return false;
  for (const { parent, key, value } of places) {
    const all = parent[key];
    const rest = Array.isArray(all) ? all.filter(one => one !== value) : [];
    if (rest.length > 0) parent[key] = rest;
    else delete parent[key];
  }
  if (Object.keys(first.parent).length === 0) first.parent.extension = [absent];
  return true;
}

/** Makes what is fixed something else of the same type. */
function otherValue(places: readonly Place[], element: ElementDefinition): boolean {
  const asked = askedOf(element);
  // An extension of another URL is another extension, which may be there.
  if (!asked || element.id === 'Extension.url') return false;
  for (const place of places) replace(place, another(asked.value));
  return places.length > 0;
}

function another(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(another);
  if (isJson(value))
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [key, key === 'system' ? one : another(one)]),
    );
  if (typeof value === 'boolean') return !value;
  if (typeof value !== 'string') throw new Error(`a fixed ${typeof value} needs another value here`);
  return intents[value] ?? `${value}-2`;
}

/** Codes that the base type allows as well, so that it is the profile that refuses them. */
const intents: Readonly<Record<string, string>> = { order: 'proposal', plan: 'order', permit: 'deny' };

/** Codes that the base type allows, and no profile here. */
const allowed: Readonly<Record<string, string>> = {
  'Task.status': 'ready',
  'ServiceRequest.status': 'unknown',
  'ServiceRequest.intent': 'proposal',
};

/** Replaces a code that must be of a value set by one that is not. */
function otherCode(places: readonly Place[], { binding, path }: ElementDefinition): boolean {
  if (binding?.strength !== 'required') return false;
  for (const place of places) {
    const { value } = place;
    const own = binding.valueSet?.startsWith('https://warmhandoff.example/');
    const code = (own && allowed[path]) || 'no-such-code';
    if (typeof value === 'string') replace(place, code);
    else if (isJson(value) && Array.isArray(value.coding))
      replace(place, { ...value, coding: value.coding.map(one => ({ ...one, code })) });
    else if (isJson(value)) replace(place, { ...value, code });
  }
  return places.length > 0;
}

function replace({ parent, key, value }: Place, by: unknown): void {
  const all = parent[key];
  parent[key] = Array.isArray(all) ? all.map(one => (one === value ? by : one)) : by;
}

const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
