import type { Resource } from '@medplum/fhirtypes';
import type { Property, Schema } from '../../src/fhir/definitions/schema.ts';

/** Where in a resource a search parameter looks: one alternative of its expression. */
export interface Path {
  steps: readonly Step[];
  /** The type that the last element is narrowed to (`onset as Period`). */
  as?: string;
  /** The type of resource that a reference must lead to. */
  target?: string;
}

interface Step {
  name: string;
  /** `telecom.where(system='email')`: what the element must also say. */
  where?: readonly [name: string, value: string];
}

/** The alternatives of an expression for a type that are plain paths; undefined for those that are more than that. */
export function pathsOf(expression: string, type: string): (Path | undefined)[] {
  return topLevel(expression).map(text => pathOf(text, type));
}

function topLevel(expression: string): string[] {
  const parts: string[] = [''];
  let depth = 0;
  for (const char of expression) {
    if (char === '(') depth += 1;
    if (char === ')') depth -= 1;
    if (char === '|' && depth === 0) parts.push('');
    else parts[parts.length - 1] += char;
  }
  return parts.map(part => part.trim());
}

function pathOf(text: string, type: string): Path | undefined {
  const bare = /^\((.*)\)$/.exec(text)?.[1] ?? text;
  const narrowed = /^(.*?)(?:\s+as\s+(\w+)|\.(?:as|ofType)\((\w+)\))$/.exec(bare);
  const as = narrowed?.[2] ?? narrowed?.[3];
  let rest = narrowed?.[1] ?? bare;
  rest = /^\((.*)\)$/.exec(rest)?.[1] ?? rest;
  const target = /\.where\(resolve\(\) is (\w+)\)$/.exec(rest)?.[1];
  rest = rest.replace(/\.where\(resolve\(\) is \w+\)$/, '');
  const [root, ...names] = rest.split(/\.(?![^(]*\))/);
  if (root !== type && root !== 'Resource' && root !== 'DomainResource') return undefined;
  const steps: Step[] = [];
  for (const name of names) {
    const where = /^where\((\w+)\s*=\s*'([^']*)'\)$/.exec(name);
    const last = steps.at(-1);
    if (where?.[1] && where[2] !== undefined && last) last.where = [where[1], where[2]];
    else if (/^\w+$/.test(name)) steps.push({ name });
    else return undefined;
  }
  if (steps.length === 0) return undefined;
  return { steps, ...(as ? { as } : {}), ...(target ? { target } : {}) };
}

/** The elements that a path ends in, one for each type its value can have. */
export function endsOf(path: Path, type: string, schema: Schema): Property[] {
  let at: string | undefined = type;
  for (const [index, { name }] of path.steps.entries()) {
    const properties: readonly Property[] = at ? schema.element(at, name) : [];
    if (index === path.steps.length - 1)
      return properties.filter(({ type }) => !path.as || fits(type.code, path.as));
    at = properties[0]?.type.code;
  }
  return [];
}

const fits = (code: string, as: string): boolean =>
  code === as || (as === 'Quantity' && code === 'SimpleQuantity');

/** Puts a value where the path ends, in elements made on the way. */
export function place(resource: Resource, path: Path, end: Property, value: unknown, schema: Schema): void {
  let object = resource as unknown as Record<string, unknown>;
  let type: string = resource.resourceType;
  path.steps.forEach(({ name, where }, index) => {
    const last = index === path.steps.length - 1;
    const property = last ? end : schema.element(type, name)[0];
    if (!property) throw new Error(`${type} has no ${name}`);
    const inner: unknown = last ? value : (existing(object[property.json]) ?? {});
    object[property.json] = property.element.many ? [inner] : inner;
    if (where && typeof inner === 'object' && inner !== null) Object.assign(inner, { [where[0]]: where[1] });
    if (!last) object = inner as Record<string, unknown>;
    type = property.type.code;
  });
}

const existing = (value: unknown): unknown => (Array.isArray(value) ? value[0] : value);
