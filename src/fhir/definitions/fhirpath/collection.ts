import type { Evaluation } from './evaluation.ts';

/** What an expression gives: plain JSON values, without the types that the compiler knows already. */
export type Collection = readonly unknown[];

export const none: Collection = Object.freeze([]);
const yes: Collection = Object.freeze([true]);
const no: Collection = Object.freeze([false]);

/** What an expression is evaluated on. */
export interface Scope {
  /** `$this`: the item in question. */
  self: Collection;
  /** `%context`: the element that the whole expression is about. */
  context: Collection;
  evaluation: Evaluation;
}

/** A primitive that has extensions but no value: it exists, and equals nothing. */
export class Valueless {
  readonly element: object;

  constructor(element: object) {
    this.element = element;
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function hasValue(value: unknown): boolean {
  return value !== undefined && value !== null && !(value instanceof Valueless);
}

/** The logical value of a collection: FHIRPath's true, false or (undefined) unknown. */
export function truth(collection: Collection): boolean | undefined {
  if (collection.length !== 1) return undefined;
  const [only] = collection;
  return hasValue(only) ? only !== false : undefined;
}

export function boolean(value: boolean | undefined): Collection {
  return value === undefined ? none : value ? yes : no;
}
