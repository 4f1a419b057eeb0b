import type { Atom } from '@medplum/core';
import {
  argument,
  argumentValues,
  type Branch,
  type Call,
  type Compiling,
  type Evaluate,
  merge,
} from './branch.ts';
import { boolean, type Collection, hasValue, isObject, none, type Scope, truth } from './collection.ts';
import { keyOf } from './evaluation.ts';
import { stringFunctions } from './string-functions.ts';
import { isType, narrow, resolved, typeNamed, typeOfReference } from './typing.ts';
import { distinct, isDistinct } from './values.ts';

type Compile = (call: Call) => readonly Branch[];

/** The functions of http://hl7.org/fhirpath/N1/#functions that FHIR's own definitions use, and their siblings. */
export const functions: Readonly<Record<string, Compile>> = {
  empty: ask(items => items.length === 0),
  not: ask(items => {
    const value = truth(items);
    return value === undefined ? undefined : !value;
  }),
  hasValue: ask(items => items.length === 1 && hasValue(items[0])),
  isDistinct: ask(isDistinct),
  allTrue: ask(items => items.every(item => item === true)),
  allFalse: ask(items => items.every(item => item === false)),
  anyTrue: ask(items => items.includes(true)),
  anyFalse: ask(items => items.includes(false)),
  exists: call => existence(call.args.length > 0 ? where(call) : call.input),
  all,
  where,
  select: call => call.input.flatMap(branch => projections(branch, argument(call, 0), call.context)),
  count: ({ input }) => {
    const items = merge(input);
    return [{ type: 'integer', evaluate: scope => [items(scope).length] }];
  },
  first: pick(items => items.slice(0, 1)),
  last: pick(items => items.slice(-1)),
  tail: pick(items => items.slice(1)),
  distinct: pick(distinct),
  trace: ({ input }) => input,
  single: pick(items => (items.length === 1 ? items : none)),
  combine: call => [...call.input, ...call.context.compile(argument(call, 0), call.context.self)],
  union: call => [...call.input, ...call.context.compile(argument(call, 0), call.context.self)],
  intersect: call => filterBy(call, true),
  exclude: call => filterBy(call, false),
  iif,
  as: call => narrow(call.input, typeNamed(argument(call, 0)), call.context),
  ofType: call => narrow(call.input, typeNamed(argument(call, 0)), call.context),
  is: call => isType(call.input, typeNamed(argument(call, 0)), call.context),
  resolve,
  extension,
  children: ({ input }) => [{ type: 'any', evaluate: over(input, children) }],
  descendants: ({ input }) => [{ type: 'any', evaluate: over(input, descendants) }],
  ...stringFunctions,
};

/** A question about the whole collection. */
function ask(question: (items: Collection) => boolean | undefined): Compile {
  return ({ input }) => {
    const items = merge(input);
    return [{ type: 'boolean', evaluate: scope => boolean(question(items(scope))) }];
  };
}

function existence(branches: readonly Branch[]): readonly Branch[] {
  const evaluate = (scope: Scope): Collection =>
    boolean(branches.some(branch => branch.evaluate(scope).length > 0));
  return [{ type: 'boolean', evaluate }];
}

/** Some of the items, of the type they had where there is but one. */
function pick(choose: (items: Collection) => Collection): Compile {
  return ({ input }) => {
    const [only, ...others] = input;
    const items = merge(input);
    if (!only) return [];
    const evaluate = (scope: Scope): Collection => choose(items(scope));
    return [others.length === 0 ? { ...only, evaluate } : { type: 'any', evaluate }];
  };
}

function where(call: Call): readonly Branch[] {
  return call.input.map(branch => {
    const criterion = merge(call.context.compileFor(argument(call, 0), branch.type));
    const keeps = (item: unknown, scope: Scope): boolean =>
      truth(criterion({ ...scope, self: [item] })) === true;
    return {
      ...branch,
      evaluate: scope => {
        const items = branch.evaluate(scope);
        return items.length === 0 ? none : items.filter(item => keeps(item, scope));
      },
    };
  });
}

function all(call: Call): readonly Branch[] {
  const tests = call.input.map(branch => ({
    branch,
    criterion: merge(call.context.compileFor(argument(call, 0), branch.type)),
  }));
  const evaluate = (scope: Scope): Collection =>
    boolean(
      tests.every(({ branch, criterion }) =>
        branch.evaluate(scope).every(item => truth(criterion({ ...scope, self: [item] })) === true),
      ),
    );
  return [{ type: 'boolean', evaluate }];
}

function projections(branch: Branch, projection: Atom, context: Compiling): readonly Branch[] {
  return context.compileFor(projection, branch.type).map(result => ({
    type: result.type,
    evaluate: scope => branch.evaluate(scope).flatMap(item => result.evaluate({ ...scope, self: [item] })),
  }));
}

/** `intersect` (what is wanted) and `exclude`. */
function filterBy(call: Call, wanted: boolean): readonly Branch[] {
  const other = argumentValues(call, 0);
  return call.input.map(branch => ({
    ...branch,
    evaluate: scope => {
      const keys = scope.evaluation.keysOf(other(scope));
      return branch.evaluate(scope).filter(item => keys.has(keyOf(item)) === wanted);
    },
  }));
}

function iif(call: Call): readonly Branch[] {
  const { input, context } = call;
  const criterion = merge(context.compile(argument(call, 0), input));
  const holds = (scope: Scope): boolean => truth(criterion(scope)) === true;
  const when = (wanted: boolean, branches: readonly Branch[]): Branch[] =>
    branches.map(({ type, evaluate }) => ({
      type,
      evaluate: scope => (holds(scope) === wanted ? evaluate(scope) : none),
    }));
  const otherwise = call.args[2] ? context.compile(call.args[2], input) : [];
  return [...when(true, context.compile(argument(call, 1), input)), ...when(false, otherwise)];
}

function resolve({ input }: Call): readonly Branch[] {
  return input
    .filter(branch => branch.type === 'Reference')
    .map(branch => ({
      type: resolved,
      evaluate: scope => branch.evaluate(scope).filter(item => typeOfReference(item, scope) !== undefined),
    }));
}

/** `extension('url')`, of primitives too. */
function extension(call: Call): readonly Branch[] {
  const url = argumentValues(call, 0);
  return call.input.map(({ evaluate, side }) => ({
    type: 'Extension',
    evaluate: scope => {
      const [wanted] = url(scope);
      return (side ?? evaluate)(scope).flatMap(item =>
        extensionsOf(item).filter(e => isObject(e) && e.url === wanted),
      );
    },
  }));
}

function extensionsOf(item: unknown): Collection {
  return isObject(item) && Array.isArray(item.extension) ? item.extension : none;
}

function over(input: readonly Branch[], step: (item: unknown) => Collection): Evaluate {
  const items = merge(input);
  return scope => items(scope).flatMap(step);
}

function children(item: unknown): Collection {
  if (!isObject(item)) return none;
  return Object.entries(item).flatMap(([key, value]) =>
    key === 'resourceType' || key.startsWith('_') ? [] : value,
  );
}

function descendants(item: unknown): Collection {
  return children(item).flatMap(child => [child, ...descendants(child)]);
}
