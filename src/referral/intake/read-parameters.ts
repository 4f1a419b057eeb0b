import type { Parameters, ParametersParameter } from '@medplum/fhirtypes';
import { HubError, type Problem } from '../../errors.ts';

/** Parameters of one level, each asked for by name; what is wrong with them is gathered, with its place. */
export interface Reading {
  readonly problems: Problem[];
  /** Every parameter of the name, as `take` makes of it; what it makes nothing of is a problem. */
  many<T>(name: string, wanted: string, take: (one: ParametersParameter) => T | undefined): T[];
  /** At most one. */
  one<T>(name: string, wanted: string, take: (one: ParametersParameter) => T | undefined): T | undefined;
  /** Exactly one; undefined only where a problem says so. */
  required<T>(name: string, wanted: string, take: (one: ParametersParameter) => T | undefined): T | undefined;
  /** The parts of a parameter that is made of parts. */
  group(name: string, names: readonly string[]): Reading;
}

/** Reads the body of an operation, of which these are the parameters; others are a problem, not passed over. */
export function readParameters(body: unknown, names: readonly string[]): Reading {
  const { resourceType, parameter } = (body ?? {}) as Partial<Parameters>;
  if (resourceType !== 'Parameters' || (parameter !== undefined && !Array.isArray(parameter)))
    throw new HubError('invalid', {
      text: `The body must be a Parameters resource with ${names.join(', ')}.`,
      expression: 'Parameters',
    });
  return reading(parameter ?? [], names, 'Parameters.parameter', []);
}

function reading(
  all: readonly ParametersParameter[],
  names: readonly string[],
  place: string,
  problems: Problem[],
): Reading {
  const expression = (name: string) => `${place}.where(name = '${name}')`;
  const problem = (name: string, text: string) => void problems.push({ text, expression: expression(name) });
  for (const one of all) {
    if (names.includes(one?.name)) continue;
    const text = `There is no parameter "${String(one?.name).slice(0, 64)}" here: there are ${names.join(', ')}.`;
    problems.push({ text, expression: place });
  }
  const named = (name: string) => all.filter(one => one?.name === name);
  const many: Reading['many'] = (name, wanted, take) =>
    named(name).flatMap(one => {
      const taken = take(one);
      if (taken === undefined) problem(name, `${name} must be ${wanted}.`);
      return taken === undefined ? [] : [taken];
    });
  const one: Reading['one'] = (name, wanted, take) => {
    if (named(name).length > 1) problem(name, `${name} may be given once.`);
    return many(name, wanted, take)[0];
  };
  return {
    problems,
    many,
    one,
    required(name, wanted, take) {
      if (named(name).length === 0) problem(name, `${name} is required: ${wanted}.`);
      return one(name, wanted, take);
    },
    group(name, parts) {
      if (named(name).length > 1) problem(name, `${name} may be given once.`);
      return reading(named(name)[0]?.part ?? [], parts, `${expression(name)}.part`, problems);
    },
  };
}
