import type { Resource } from '@medplum/fhirtypes';
import { isObject } from '../definitions/fhirpath/collection.ts';
import { maxDepth, type Property, type Schema } from '../definitions/schema.ts';

/** A literal reference somewhere in a resource. */
export interface FoundReference {
  /** FHIRPath of the Reference, e.g. `ServiceRequest.contained[0].subject`. */
  path: string;
  /** As written: `Patient/1`, `#med`, `urn:uuid:…`, `https://…`, `Patient?identifier=…`. */
  reference: string;
  /** Resource types allowed there; none: any. */
  targets: readonly string[];
}

/**
 * Every literal reference in a resource, also in extensions and contained resources, but not in what a Bundle or
 * Parameters carries: that is not said by the resource itself.
 */
export function createReferences(schema: Schema): (resource: Resource) => FoundReference[] {
  return resource => {
    const found: FoundReference[] = [];
    if (schema.find(resource.resourceType)) visit(resource, resource.resourceType, [resource.resourceType]);
    return found;

    function visit(value: unknown, type: string, path: (string | number)[]): void {
      if (!isObject(value) || path.length > 2 * maxDepth) return;
      const properties = schema.properties(type);
      for (const key of Object.keys(value)) {
        const property = properties.get(key);
        const next = property ? inner(property, value[key]) : key.startsWith('_') ? 'Element' : undefined;
        if (next === undefined) continue;
        path.push(property?.element.name ?? key.slice(1));
        each(value[key], path, item => {
          if (next === 'Reference') collect(item, property?.type.targets ?? [], path);
          visit(item, next === 'Resource' ? contained(item) : next, path);
        });
        path.pop();
      }
    }

    function contained(value: unknown): string {
      const type = isObject(value) ? value.resourceType : undefined;
      return typeof type === 'string' && schema.find(type)?.kind === 'resource' ? type : 'Resource';
    }

    function collect(value: unknown, targets: readonly string[], path: readonly (string | number)[]): void {
      if (!isObject(value) || typeof value.reference !== 'string') return;
      found.push({ path: expression(path), reference: value.reference, targets });
    }
  };
}

/** The type inside a property where references can be. */
function inner(property: Property, value: unknown): string | undefined {
  if (property.primitive || typeof value !== 'object') return undefined;
  return property.type.code === 'Resource' && property.element.name !== 'contained'
    ? undefined
    : property.type.code;
}

function each(value: unknown, path: (string | number)[], visit: (item: unknown) => void): void {
  if (!Array.isArray(value)) visit(value);
  else {
    for (const [at, item] of value.entries()) {
      path.push(at);
      visit(item);
      path.pop();
    }
  }
}

/** `Patient.name[0].given[1]` */
export function expression(path: readonly (string | number)[]): string {
  return path
    .map((step, at) => (typeof step === 'number' ? `[${step}]` : at > 0 ? `.${step}` : step))
    .join('');
}
