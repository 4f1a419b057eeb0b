import { isObject } from '../../definitions/fhirpath/collection.ts';
import type { Property, Schema } from '../../definitions/schema.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** One value of an element, wherever it stands. */
export interface Found {
  /** Undefined: a primitive that has extensions only. */
  value: unknown;
  /** Of a primitive: what is beside it, its id and extensions. */
  side: JsonObject | undefined;
  /** Its type: of a resource, that resource's. */
  type: string;
  /** Steps from the object it was found in: `["name", 0]`. */
  steps: readonly (string | number)[];
}

/** The values of an element, by its FHIRPath name, in their order. */
export function valuesOf({ value, side, type }: Omit<Found, 'steps'>, name: string, schema: Schema): Found[] {
  const primitive = schema.find(type)?.kind === 'primitive';
  const object = primitive ? side : value;
  if (!isObject(object)) return [];
  const holder = primitive ? 'Element' : type;
  if (!schema.find(holder)) return [];
  const choices = schema.element(holder, name);
  const named = choices.length === 0 ? schema.properties(holder).get(name) : undefined;
  return (named ? [named] : choices).flatMap(property => valuesAt(object, property));
}

function valuesAt(object: JsonObject, { json, side, element, type, primitive }: Property): Found[] {
  const value = object[json];
  const beside = primitive ? object[side] : undefined;
  if (value === undefined && beside === undefined) return [];
  const one = (item: unknown, its: unknown, steps: readonly (string | number)[]): Found => ({
    value: item ?? undefined,
    side: isObject(its) ? its : undefined,
    type: type.code === 'Resource' && isObject(item) ? String(item.resourceType) : type.code,
    steps,
  });
  if (!element.many) return [one(value, beside, [element.name])];
  const [values, sides] = [list(value), list(beside)];
  return Array.from({ length: Math.max(values.length, sides.length) }, (_, at) =>
    one(values[at], sides[at], [element.name, at]),
  );
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** https://hl7.org/fhir/R4/elementdefinition.html : everything in the pattern is in the value, lists in any order. */
export function hasPattern(value: unknown, pattern: unknown): boolean {
  if (Array.isArray(pattern))
    return Array.isArray(value) && pattern.every(wanted => value.some(item => hasPattern(item, wanted)));
  if (!isObject(pattern)) return value === pattern;
  return isObject(value) && Object.entries(pattern).every(([key, wanted]) => hasPattern(value[key], wanted));
}

/** How a fixed value or pattern is told: codes and URLs of the definition, which are nobody's data. */
export function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? '';
  return json.length > 300 ? `${json.slice(0, 300)}…` : json;
}
