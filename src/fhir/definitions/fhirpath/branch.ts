import type { Atom } from '@medplum/core';
import type { Schema } from '../schema.ts';
import { type Collection, none, type Scope } from './collection.ts';

export type Evaluate = (scope: Scope) => Collection;

/** What an expression gives, for one type that its values can have. */
export interface Branch {
  /** The type of the values; `any` where it cannot be known. */
  type: string;
  evaluate: Evaluate;
  /** Of a Reference: the resource types it may point to; absent: any. */
  targets?: readonly string[];
  /** Of a code: the value set it is bound to. */
  binding?: string;
  /** Of a primitive: the Element with its extensions. */
  side?: Evaluate;
}

/** An expression while it is being compiled. */
export interface Compiling {
  readonly schema: Schema;
  /** What `$this` is, in the innermost criterion. */
  readonly self: readonly Branch[];
  /** The types of `%context` and of `%resource`. */
  readonly type: string;
  readonly resourceType: string;
  /** A part of the expression, on what comes before it. */
  compile(atom: Atom, input: readonly Branch[]): readonly Branch[];
  /** An argument that is a criterion or projection: evaluated with each item, of this type, as `$this`. */
  compileFor(atom: Atom, type: string): readonly Branch[];
}

/** A function called on what the expression before it gives. */
export interface Call {
  input: readonly Branch[];
  args: readonly Atom[];
  context: Compiling;
}

/** The expression uses what this compiler does not know. */
export class CannotCompile extends Error {}

/** All values, of whatever type. */
export function merge(branches: readonly Branch[]): Evaluate {
  const [only, ...others] = branches;
  if (!only) return () => none;
  if (others.length === 0) return only.evaluate;
  return scope => branches.flatMap(branch => branch.evaluate(scope));
}

export function argument({ args }: Call, at: number): Atom {
  const found = args[at];
  if (!found) throw new CannotCompile('a function is called with too few arguments');
  return found;
}

/** The values of an argument that is evaluated once, where the call stands. */
export function argumentValues(call: Call, at: number): Evaluate {
  return merge(call.context.compile(argument(call, at), call.context.self));
}
