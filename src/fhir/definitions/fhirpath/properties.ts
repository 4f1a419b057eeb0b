import type { Property, Schema } from '../schema.ts';
import { type Branch, CannotCompile, type Evaluate } from './branch.ts';
import { type Collection, isObject, none, Valueless } from './collection.ts';

/** One step along a path: the branches of the element of that name. */
export function follow(branch: Branch, name: string, schema: Schema): readonly Branch[] {
  if (branch.type === 'any') return [{ type: 'any', evaluate: after(branch.evaluate, complex(name)) }];
  const type = branch.type === 'Resource' ? 'DomainResource' : branch.type;
  const found = schema.find(type);
  if (!found) throw new CannotCompile(`cannot compile ${name} of ${type}`);
  if (found.kind === 'primitive') {
    return branch.side ? follow({ type: 'Element', evaluate: branch.side }, name, schema) : [];
  }
  // A choice is asked for by its name (`value`); `valueDateTime`, the JSON name, is taken too.
  const named = schema.properties(type).get(name);
  const choices = schema.element(type, name);
  return (choices.length > 0 || !named ? choices : [named]).map(property => step(branch, property));
}

function step({ evaluate }: Branch, property: Property): Branch {
  const { code, targets } = property.type;
  const { binding } = property.element;
  return {
    type: code,
    evaluate: after(evaluate, property.primitive ? primitive(property) : complex(property.json)),
    ...(targets ? { targets } : {}),
    ...(binding ? { binding } : {}),
    ...(property.primitive ? { side: after(evaluate, complex(property.side)) } : {}),
  };
}

function after(evaluate: Evaluate, read: (item: unknown) => Collection): Evaluate {
  return scope => {
    const items = evaluate(scope);
    if (items.length === 0) return none;
    return items.length === 1 ? read(items[0]) : items.flatMap(read);
  };
}

function complex(name: string): (item: unknown) => Collection {
  return item => {
    if (!isObject(item)) return none;
    const value = item[name];
    if (value === undefined || value === null) return none;
    if (!Array.isArray(value)) return [value];
    return value.includes(null) ? value.filter(entry => entry !== null) : value;
  };
}

function primitive({ json, side }: Property): (item: unknown) => Collection {
  return item => {
    if (!isObject(item)) return none;
    const value = item[json];
    if (Array.isArray(value)) return value.includes(null) ? sides(value, item[side]) : value;
    if (value !== undefined && value !== null) return [value];
    const beside = item[side];
    if (beside === undefined || beside === null) return none;
    return Array.isArray(beside) ? sides([], beside) : isObject(beside) ? [new Valueless(beside)] : none;
  };
}

/** `"given": [null, "Ann"], "_given": [{…}, null]` (https://hl7.org/fhir/R4/json.html#primitive). */
function sides(values: Collection, beside: unknown): Collection {
  const elements: Collection = Array.isArray(beside) ? beside : none;
  const length = Math.max(values.length, elements.length);
  return Array.from({ length }, (_, at) => {
    const element = elements[at];
    return values[at] ?? (isObject(element) ? new Valueless(element) : undefined);
  }).filter(value => value !== undefined);
}
