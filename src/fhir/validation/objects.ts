import { isObject } from '../definitions/fhirpath/collection.ts';
import { type ElementSchema, maxDepth, type Schema, type TypeSchema } from '../definitions/schema.ts';
import type { ElementCheck } from './element.ts';
import { type Check, quote, type Report } from './report.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** What an object of one type is checked with. */
export interface ObjectRules {
  type: TypeSchema;
  schema: Schema;
  elements: ReadonlyMap<string, ElementCheck>;
  /** Runs when the structure is right. */
  invariants: Check | undefined;
}

/** The check of a complex type, backbone element or resource: its properties, and what holds between them. */
export function objectCheck(rules: ObjectRules): Check {
  const { name, kind } = rules.type;
  const required = rules.type.elements
    .filter(element => element.required)
    .map(element => ({ element, keys: keysOf(rules.schema, name, element) }));
  return (value, report) => {
    if (!isObject(value)) {
      report.add(`must be an object: ${kind === 'backbone' ? 'with the elements of' : 'a'} ${name}`);
      return;
    }
    if (report.depth >= maxDepth) {
      report.add(`must not nest deeper than ${maxDepth} elements`, 'too-costly');
      return;
    }
    const before = report.problems.length;
    report.depth += 1;
    const filled = checkProperties(value, rules, report);
    // A resource may have nothing but its type.
    if (!filled && kind !== 'resource') report.add('must not be empty: leave it out');
    for (const { element, keys } of required) {
      if (!keys.some(key => value[key] !== undefined)) {
        report.addAt(element.name, `is required: ${name} needs it${howToWrite(element, keys)}`, 'required');
      }
    }
    if (report.problems.length === before) rules.invariants?.(value, report);
    report.depth -= 1;
  };
}

/** True when there is content: more than an id. */
function checkProperties(value: JsonObject, rules: ObjectRules, report: Report): boolean {
  let filled = false;
  let chosen: Map<ElementSchema, string> | undefined;
  for (const key of Object.keys(value)) {
    const side = key.startsWith('_');
    const json = side ? key.slice(1) : key;
    const element = rules.elements.get(json);
    if (!element) {
      unknownProperty(key, rules, report);
      filled = true;
      continue;
    }
    if (side) element.side(value, report);
    else element.value(value, report);
    if (key !== 'id') filled = true;
    const { element: schema } = element.property;
    if (!schema.choice) continue;
    chosen ??= new Map();
    if ((chosen.get(schema) ?? json) !== json) report.addAt(schema.name, 'must have only one of its types');
    chosen.set(schema, json);
  }
  return filled;
}

function unknownProperty(key: string, { type, schema }: ObjectRules, report: Report): void {
  if (key === 'resourceType' && type.kind === 'resource') return;
  const choices = schema.element(type.name, key);
  const hint =
    choices.length > 0 ? `: write ${key} with its type, ${listed(choices.map(choice => choice.json))}` : '';
  report.add(`has no element ${quote(key)} in ${type.name}${hint}`);
}

function keysOf(schema: Schema, type: string, element: ElementSchema): string[] {
  return schema
    .element(type, element.name)
    .flatMap(({ json, side, primitive }) => (primitive ? [json, side] : [json]));
}

function howToWrite(element: ElementSchema, keys: readonly string[]): string {
  return element.choice ? `, as ${listed(keys.filter(key => !key.startsWith('_')))}` : '';
}

function listed(names: readonly string[]): string {
  return names.length > 8 ? `${names.slice(0, 8).join(', ')}, …` : names.join(' or ');
}
