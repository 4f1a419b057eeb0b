import { isDeepStrictEqual } from 'node:util';
import { dateRange } from '../dates.ts';
import { type Collection, hasValue, isObject } from './collection.ts';
import { keyOf } from './evaluation.ts';

/** FHIRPath `=`: undefined when either side has nothing to compare. */
export function equal(left: Collection, right: Collection): boolean | undefined {
  if (left.length === 0 || right.length === 0) return undefined;
  if (!left.every(hasValue) || !right.every(hasValue)) return undefined;
  return left.length === right.length && left.every((item, at) => same(item, right[at]));
}

export function same(left: unknown, right: unknown): boolean {
  return left === right || (isObject(left) && isDeepStrictEqual(left, right));
}

export function contains(items: Collection, wanted: unknown): boolean {
  return items.some(item => same(item, wanted));
}

/** Without the repetitions. */
export function distinct(items: Collection): Collection {
  return [...new Map(items.map(item => [keyOf(item), item])).values()];
}

export function isDistinct(items: Collection): boolean {
  return new Set(items.map(keyOf)).size === items.length;
}

export type Comparison = '<' | '<=' | '>' | '>=';

/** Undefined when the two cannot be compared. */
export function compare(
  operator: Comparison,
  left: Collection,
  right: Collection,
  dates: boolean,
): boolean | undefined {
  const [a, b] = [left[0], right[0]];
  if (left.length !== 1 || right.length !== 1) return undefined;
  if (typeof a === 'number' && typeof b === 'number') return ordered(operator, a, b);
  if (typeof a === 'string' && typeof b === 'string') {
    return dates ? compareDates(operator, a, b) : ordered(operator, a, b);
  }
  return isObject(a) && isObject(b) ? compareQuantities(operator, a, b) : undefined;
}

function ordered<T extends number | string>(operator: Comparison, a: T, b: T): boolean {
  switch (operator) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
  }
}

/** True when it can be so: 2024-03 is not after 2024-03-07, nor before it. */
function compareDates(operator: Comparison, a: string, b: string): boolean | undefined {
  const [first, second] = [dateRange(a), dateRange(b)];
  if (!first || !second) return undefined;
  return operator.startsWith('<')
    ? ordered(operator, first.lo, second.hi)
    : ordered(operator, first.hi, second.lo);
}

type Quantity = Readonly<Record<string, unknown>>;

function compareQuantities(operator: Comparison, a: Quantity, b: Quantity): boolean | undefined {
  const comparable =
    a.code === b.code && a.system === b.system && (a.code !== undefined || a.unit === b.unit);
  return comparable && typeof a.value === 'number' && typeof b.value === 'number'
    ? ordered(operator, a.value, b.value)
    : undefined;
}
