import type { Capabilities } from '../capabilities.ts';
import { type RawBuilder, sql } from '../sql.ts';

export type Condition = RawBuilder<boolean>;
export type Query = RawBuilder<unknown>;

export const never: Condition = sql<boolean>`1 = 0`;
export const always: Condition = sql<boolean>`1 = 1`;

export function allOf(conditions: readonly Condition[]): Condition {
  return conditions.length > 0 ? sql<boolean>`${sql.join(conditions, sql` AND `)}` : always;
}

export function anyOf(conditions: readonly Condition[]): Condition {
  const [first, ...others] = conditions;
  if (!first) return never;
  return others.length > 0 ? sql<boolean>`(${sql.join(conditions, sql` OR `)})` : first;
}

/** `column` is one of the values: an equality for one of them, so that an index serves it best. */
export function among(
  dialect: Capabilities,
  column: RawBuilder<unknown>,
  values: readonly (string | number)[],
): Condition {
  return values.length === 1 ? sql<boolean>`${column} = ${values[0]}` : dialect.oneOf(column, values);
}
