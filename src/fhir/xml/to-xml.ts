import { isObject } from '../definitions/fhirpath/collection.ts';
import type { Property, Schema } from '../definitions/schema.ts';
import { escapeAttribute, xhtmlAsXml } from './text.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * A resource in XML (https://hl7.org/fhir/R4/xml.html), its elements in the order of their definition.
 *
 * @param json of a resource that is valid
 * @returns undefined where the JSON is no resource
 */
export function toXml(json: string, schema: Schema): string | undefined {
  // Every number as it is written: 1.50 is not 1.5.
  const resource: unknown = JSON.parse(json, asWritten);
  if (!isObject(resource) || schema.find(String(resource.resourceType))?.kind !== 'resource')
    return undefined;
  const out = ['<?xml version="1.0" encoding="UTF-8"?>'];
  writeResource(resource, ' xmlns="http://hl7.org/fhir"', { out, schema });
  return out.join('');
}

function asWritten(_key: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === 'number' ? (context?.source ?? String(value)) : value;
}

interface Writing {
  out: string[];
  schema: Schema;
}

function writeResource(resource: JsonObject, namespace: string, writing: Writing): void {
  const type = String(resource.resourceType);
  writing.out.push(`<${type}${namespace}>`);
  writeElements(resource, type, writing);
  writing.out.push(`</${type}>`);
}

function writeElements(object: JsonObject, type: string, writing: Writing): void {
  const { schema } = writing;
  const isResource = schema.get(type).kind === 'resource';
  for (const property of inOrder(type, schema)) {
    if (!isResource && isAttribute(property, type)) continue;
    const value = object[property.json];
    const side = property.primitive ? object[property.side] : undefined;
    if (value === undefined && side === undefined) continue;
    const [values, sides] = [list(value), list(side)];
    for (let at = 0; at < Math.max(values.length, sides.length); at += 1)
      writeValue(property, values[at], sides[at], writing);
  }
}

const orders = new WeakMap<Schema, Map<string, readonly Property[]>>();

/** As the definition lists them; a choice is one of its types. */
function inOrder(type: string, schema: Schema): readonly Property[] {
  const known = orders.get(schema) ?? new Map<string, readonly Property[]>();
  orders.set(schema, known);
  const order =
    known.get(type) ?? schema.get(type).elements.flatMap(({ name }) => schema.element(type, name));
  known.set(type, order);
  return order;
}

const list = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** https://hl7.org/fhir/R4/xml.html : the id of an element and the url of an extension are attributes. */
const isAttribute = ({ json }: Property, type: string): boolean =>
  json === 'id' || (json === 'url' && type === 'Extension');

function writeValue(
  { json, type, primitive }: Property,
  value: unknown,
  side: unknown,
  writing: Writing,
): void {
  const { out, schema } = writing;
  if (type.code === 'xhtml') out.push(xhtmlAsXml(String(value)));
  else if (type.code === 'Resource') {
    out.push(`<${json}>`);
    if (isObject(value)) writeResource(value, '', writing);
    out.push(`</${json}>`);
  } else if (primitive) {
    const element = isObject(side) ? side : {};
    const has = value !== undefined && value !== null;
    out.push(`<${json}`, attribute('id', element.id), has ? attribute('value', value) : '');
    writeContent(json, out, () => writeElements(element, 'Element', writing));
  } else if (isObject(value)) {
    out.push(`<${json}`, attribute('id', value.id));
    if (type.code === 'Extension') out.push(attribute('url', value.url));
    writeContent(json, out, () => writeElements(value, named(type.code), writing));
  }
  function named(code: string): string {
    return schema.find(code) ? code : 'Element';
  }
}

function writeContent(name: string, out: string[], write: () => void): void {
  const { length } = out;
  out.push('>');
  write();
  if (out.length === length + 1) out[length] = '/>';
  else out.push(`</${name}>`);
}

const attribute = (name: string, value: unknown): string =>
  value === undefined ? '' : ` ${name}="${escapeAttribute(String(value))}"`;
