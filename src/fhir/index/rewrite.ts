import type { Resource } from '@medplum/fhirtypes';
import { isObject } from '../definitions/fhirpath/collection.ts';
import { maxDepth, type Property, type Schema } from '../definitions/schema.ts';

/**
 * Replaces the links of a transaction by the ids that its entries were given
 * (https://hl7.org/fhir/R4/http.html#trules): in references, in elements of type uri, url, oid and uuid, and in
 * `href` and `src` of the narrative; also in contained resources and in what a Bundle or Parameters carries.
 * What changes is copied; a resource without such links comes back as it is.
 *
 * @param links what to replace, e.g. `urn:uuid:…`, and by what, e.g. `Patient/1`
 */
export function createRewrite(
  schema: Schema,
): <R extends Resource>(resource: R, links: ReadonlyMap<string, string>) => R {
  return (resource, links) =>
    links.size === 0 || !schema.find(resource.resourceType)
      ? resource
      : new Rewriter(schema, links).resource(resource);
}

class Rewriter {
  readonly #schema: Schema;
  readonly #links: ReadonlyMap<string, string>;
  #depth = 0;

  constructor(schema: Schema, links: ReadonlyMap<string, string>) {
    this.#schema = schema;
    this.#links = links;
  }

  resource<R extends Resource>(resource: R): R {
    return this.#object(resource, resource.resourceType);
  }

  /** The same object when nothing in it changes. */
  #object<T extends object>(value: T, type: string): T {
    if (this.#depth >= maxDepth) return value;
    this.#depth += 1;
    const properties = this.#schema.properties(type);
    let changed: T | undefined;
    for (const [key, before] of Object.entries(value)) {
      const after = this.#property(key, before, type, properties.get(key));
      if (after !== before) changed = { ...(changed ?? value), [key]: after };
    }
    this.#depth -= 1;
    return changed ?? value;
  }

  #property(key: string, value: unknown, type: string, property: Property | undefined): unknown {
    if (Array.isArray(value)) {
      const items: unknown[] = value.map(item => this.#property(key, item, type, property));
      return items.some((item, at) => item !== value[at]) ? items : value;
    }
    if (typeof value === 'string') return this.#text(key, value, type, property);
    if (!isObject(value)) return value;
    if (!property) return key.startsWith('_') ? this.#object(value, 'Element') : value;
    return property.primitive ? value : this.#object(value, this.#typeOf(value, property));
  }

  #typeOf(value: Readonly<Record<string, unknown>>, property: Property): string {
    const own = property.type.code === 'Resource' ? value.resourceType : undefined;
    return typeof own === 'string' && this.#schema.find(own)?.kind === 'resource' ? own : property.type.code;
  }

  #text(key: string, value: string, type: string, property: Property | undefined): string {
    if (type === 'Reference' && key === 'reference') return this.#links.get(value) ?? value;
    const code = property?.type.code ?? '';
    if (code === 'xhtml') return this.#narrative(value);
    return linkTypes.has(code) ? (this.#links.get(value) ?? value) : value;
  }

  #narrative(xhtml: string): string {
    return xhtml.replace(/\b(href|src)=(["'])([^"']*)\2/g, (whole, attribute, quote, link) => {
      const target = this.#links.get(link);
      return target === undefined ? whole : `${attribute}=${quote}${target}${quote}`;
    });
  }
}

const linkTypes = new Set(['uri', 'url', 'oid', 'uuid']);
