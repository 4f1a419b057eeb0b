import { buildTypeName, getAllDataTypes, type InternalSchemaElement } from '@medplum/core';
import type { ElementSchema, Schema, TypeSchema } from '../definitions/schema.ts';

const taught = new WeakSet<Schema>();

/** Tells the evaluator of @medplum/core the types of FHIR, of which it brings only a few: once, when first needed. */
export function teachTypes(schema: Schema): void {
  if (taught.has(schema)) return;
  const known = getAllDataTypes();
  for (const type of schema.types) if (type.kind !== 'primitive') teach(known, type);
  taught.add(schema);
}

/** What a type of theirs is called here. */
export const ownName = (type: string): string => own.get(type) ?? type;

const own = new Map<string, string>();

/** `Patient.contact` is `PatientContact` there. */
const nameOf = (type: string): string => buildTypeName(type.split('.'));

function teach(known: ReturnType<typeof getAllDataTypes>, type: TypeSchema): void {
  known[nameOf(type.name)] = typeSchema(type);
  own.set(nameOf(type.name), type.name);
}

function typeSchema(type: TypeSchema): ReturnType<typeof getAllDataTypes>[string] {
  const elements = type.elements.map(element => {
    const name = element.choice ? `${element.name}[x]` : element.name;
    return [name, elementSchema(`${type.name}.${name}`, element)];
  });
  return {
    name: nameOf(type.name),
    type: nameOf(type.name),
    path: type.name,
    kind: type.kind === 'resource' ? 'resource' : 'complex-type',
    elements: Object.fromEntries(elements),
    constraints: [],
    innerTypes: [],
  };
}

function elementSchema(path: string, element: ElementSchema): InternalSchemaElement {
  return {
    description: '',
    path,
    min: element.required ? 1 : 0,
    max: element.many ? Number.POSITIVE_INFINITY : 1,
    isArray: element.many === true,
    constraints: [],
    // A profile that serves as a type is written as what it profiles.
    type: element.types.map(({ code }) => ({ code: code === 'SimpleQuantity' ? 'Quantity' : nameOf(code) })),
  };
}
