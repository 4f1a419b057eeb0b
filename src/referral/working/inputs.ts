import type { CodeableConcept, Coding, Identifier, ParametersParameter, Reference } from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import type { Vocabulary } from './vocabulary.ts';

/** One input of an action, as `$available-actions` tells it and as its OperationDefinition defines it. */
export interface InputDefinition {
  name: string;
  type: 'CodeableConcept' | 'string' | 'Reference' | 'dateTime' | 'boolean' | 'Identifier';
  required?: true;
  /** May be given several times. */
  many?: true;
  vocabulary?: Vocabulary;
  /** Resource types that a Reference may have. */
  targets?: readonly string[];
  /** In words, for who is asked for it. */
  means: string;
}

/** The inputs of one call, each of the type that its definition says. */
export interface Inputs {
  text(name: string): string | undefined;
  flag(name: string): boolean;
  concept(name: string): CodeableConcept | undefined;
  /** The code of a concept. */
  code(name: string): string | undefined;
  references(name: string): Reference[];
  identifier(): Identifier | undefined;
}

/** A text that a person writes; longer ones are documents. */
const longest = 4000;

/** Reads and checks all inputs; HubError says everything that is wrong with them at once. */
export function readInputs(definitions: readonly InputDefinition[], body: unknown): Inputs {
  const given = parametersOf(body);
  const problems: string[] = [];
  const values = new Map<string, unknown[]>();
  for (const one of given) {
    const definition = definitions.find(({ name }) => name === one.name);
    if (!definition) {
      const known = definitions.map(({ name }) => name).join(', ') || 'none';
      problems.push(
        `There is no input "${String(one.name).slice(0, 64)}"; those of this operation: ${known}.`,
      );
      continue;
    }
    const value = valueFor(one, definition);
    if (typeof value === 'string' && value.startsWith(wrong)) problems.push(value.slice(wrong.length));
    else values.set(definition.name, [...(values.get(definition.name) ?? []), value]);
  }
  for (const { name, required, many, means } of definitions) {
    const count = values.get(name)?.length ?? 0;
    if (required && count === 0 && !problems.some(one => one.startsWith(`${name} `)))
      problems.push(`${name} is required: ${means}`);
    if (!many && count > 1) problems.push(`${name} is given ${count} times; once is possible.`);
  }
  if (problems.length)
    throw new HubError(
      'invalid',
      problems.map(text => ({ text, expression: 'Parameters.parameter' })),
    );
  const first = (name: string): unknown => values.get(name)?.[0];
  return {
    text: name => first(name) as string | undefined,
    flag: name => first(name) === true,
    concept: name => first(name) as CodeableConcept | undefined,
    code: name => (first(name) as CodeableConcept | undefined)?.coding?.[0]?.code,
    references: name => (values.get(name) ?? []) as Reference[],
    identifier: () => first('identifier') as Identifier | undefined,
  };
}

function parametersOf(body: unknown): ParametersParameter[] {
  if (body === undefined) return [];
  const { resourceType, parameter = [] } = (body ?? {}) as { resourceType?: unknown; parameter?: unknown };
  const right =
    resourceType === 'Parameters' &&
    Array.isArray(parameter) &&
    parameter.every(one => typeof one === 'object' && one !== null);
  if (right) return parameter as ParametersParameter[];
  throw new HubError('invalid', {
    text: 'The body must be a Parameters resource with the inputs of the operation, or nothing.',
    expression: 'Parameters',
  });
}

/** Marks a sentence about what is wrong. */
const wrong = '\u0000';

function valueFor(parameter: ParametersParameter, definition: InputDefinition): unknown {
  const { name, type } = definition;
  const fault = (text: string): string => `${wrong}${name} ${text}`;
  if (type === 'CodeableConcept') return conceptOf(parameter, definition, fault);
  const value = (parameter as unknown as Record<string, unknown>)[
    `value${type[0]?.toUpperCase()}${type.slice(1)}`
  ];
  if (value === undefined) return fault(`must be a value${type[0]?.toUpperCase()}${type.slice(1)}.`);
  if (type === 'string') return textOf(value, fault);
  if (type === 'boolean') return typeof value === 'boolean' ? value : fault('must be true or false.');
  if (type === 'dateTime') return instantOf(value, fault);
  if (type === 'Identifier') {
    const { system, value: of } = value as Identifier;
    return system && of ? value : fault('must have a system and a value.');
  }
  return referenceOf(value as Reference, definition, fault);
}

type Fault = (text: string) => string;

function textOf(value: unknown, fault: Fault): string {
  const text = typeof value === 'string' ? value.trim() : '';
  if (text === '') return fault('must be a text.');
  return text.length <= longest ? text : fault(`must have at most ${longest} characters; attach a document.`);
}

function instantOf(value: unknown, fault: Fault): string {
  const complete = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;
  const right = typeof value === 'string' && complete.test(value) && !Number.isNaN(Date.parse(value));
  return right ? value : fault('must be a moment with a time zone, such as 2026-03-05T15:00:00Z.');
}

function referenceOf({ reference }: Reference, { targets }: InputDefinition, fault: Fault): unknown {
  const [type = '', id] = reference?.split('/') ?? [];
  if (id && (!targets || targets.includes(type))) return { reference };
  return fault(
    `must refer to ${targets?.join(' or ') ?? 'a resource'}, such as ${targets?.[0] ?? 'Type'}/id.`,
  );
}

/** A code alone, a Coding or a CodeableConcept: the code decides, and is one of the vocabulary's. */
function conceptOf(
  { valueCode, valueCoding, valueCodeableConcept }: ParametersParameter,
  { vocabulary }: InputDefinition,
  fault: Fault,
): unknown {
  const coding: Coding | undefined =
    (valueCode === undefined ? undefined : { code: valueCode }) ??
    valueCoding ??
    valueCodeableConcept?.coding?.find(one => one.system === undefined || one.system === vocabulary?.system);
  const display = vocabulary?.codes.get(coding?.code ?? '');
  const known = coding?.system === undefined || coding.system === vocabulary?.system;
  if (!coding?.code || !vocabulary || display === undefined || !known) {
    return fault(
      `must be one of ${[...(vocabulary?.codes.keys() ?? [])].join(', ')} (${vocabulary?.system}).`,
    );
  }
  const text = valueCodeableConcept?.text;
  return { coding: [{ system: vocabulary.system, code: coding.code, display }], ...(text ? { text } : {}) };
}
