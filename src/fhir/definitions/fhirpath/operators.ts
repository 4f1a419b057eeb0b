import type { Schema } from '../schema.ts';
import { type Branch, CannotCompile, type Evaluate, merge } from './branch.ts';
import { boolean, type Collection, none, type Scope, truth } from './collection.ts';
import { type Comparison, compare, contains, equal } from './values.ts';

interface Operator {
  type: string;
  apply(left: Evaluate, right: Evaluate, scope: Scope): Collection;
}

/** Operators with the three-valued logic of http://hl7.org/fhirpath/N1/#boolean-logic. */
export const operators: Readonly<Record<string, Operator>> = {
  '=': logical((left, right, scope) => equal(left(scope), right(scope))),
  '!=': logical((left, right, scope) => not(equal(left(scope), right(scope)))),
  and: logical((left, right, scope) => {
    const a = truth(left(scope));
    if (a === false) return false;
    const b = truth(right(scope));
    return b === false ? false : a && b;
  }),
  or: logical((left, right, scope) => {
    const a = truth(left(scope));
    if (a === true) return true;
    const b = truth(right(scope));
    return b === true ? true : a === false ? b : undefined;
  }),
  xor: logical((left, right, scope) => {
    const [a, b] = [truth(left(scope)), truth(right(scope))];
    return a === undefined || b === undefined ? undefined : a !== b;
  }),
  implies: logical((left, right, scope) => {
    const a = truth(left(scope));
    if (a === false) return true;
    const b = truth(right(scope));
    return b === true ? true : a === true ? b : undefined;
  }),
  in: logical((left, right, scope) => membership(left(scope), right(scope))),
  contains: logical((left, right, scope) => membership(right(scope), left(scope))),
  '&': { type: 'string', apply: (left, right, scope) => [text(left(scope)) + text(right(scope))] },
};

function logical(apply: (left: Evaluate, right: Evaluate, scope: Scope) => boolean | undefined): Operator {
  return { type: 'boolean', apply: (left, right, scope) => boolean(apply(left, right, scope)) };
}

function membership(items: Collection, among: Collection): boolean | undefined {
  return items.length === 1 ? contains(among, items[0]) : undefined;
}

function not(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}

function text(items: Collection): string {
  const [only] = items;
  return items.length === 1 && typeof only === 'string' ? only : '';
}

/** http://hl7.org/fhirpath/N1/#math : nothing where one is divided by zero. */
const calculations: Readonly<Record<string, (a: number, b: number) => number>> = {
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  div: (a, b) => Math.trunc(a / b),
  mod: (a, b) => a % b,
};

/** Arithmetic, `+` of texts too, and the comparisons, which take dates as what they stand for. */
export function arithmetic(
  operator: string,
  left: readonly Branch[],
  right: readonly Branch[],
  schema: Schema,
): Branch {
  const [a, b] = [merge(left), merge(right)];
  if (operator === '+') return { type: left[0]?.type ?? 'any', evaluate: scope => plus(a(scope), b(scope)) };
  const calculate = calculations[operator];
  if (calculate)
    return { type: left[0]?.type ?? 'any', evaluate: scope => number(calculate, a(scope), b(scope)) };
  if (!isComparison(operator)) throw new CannotCompile(`cannot compile the operator ${operator}`);
  const dates = [...left, ...right].some(branch => isDate(branch, schema));
  return { type: 'boolean', evaluate: scope => boolean(compare(operator, a(scope), b(scope), dates)) };
}

function plus([a, ...more]: Collection, [b, ...others]: Collection): Collection {
  if (more.length > 0 || others.length > 0) return none;
  if (typeof a === 'number' && typeof b === 'number') return [a + b];
  return typeof a === 'string' && typeof b === 'string' ? [a + b] : none;
}

function number(
  calculate: (a: number, b: number) => number,
  [a, ...more]: Collection,
  [b, ...others]: Collection,
): Collection {
  if (typeof a !== 'number' || typeof b !== 'number' || more.length > 0 || others.length > 0) return none;
  const result = calculate(a, b);
  return Number.isFinite(result) ? [result] : none;
}

function isComparison(operator: string): operator is Comparison {
  return operator === '<' || operator === '<=' || operator === '>' || operator === '>=';
}

function isDate(branch: Branch, schema: Schema): boolean {
  return (
    schema.is(branch.type, 'date') || schema.is(branch.type, 'dateTime') || schema.is(branch.type, 'instant')
  );
}
