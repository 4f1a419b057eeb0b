import type { Capabilities } from '../capabilities.ts';
import { sql } from '../sql.ts';
import { allOf, type Condition, type Query } from './boolean.ts';
import { inRange } from './range.ts';
import { type Column, type Columns, quantity, startsWith, tokens } from './row.ts';
import type { Filter, TuplePart } from './types.ts';

type TupleFilter = Filter & { kind: 'tuple' };

/** The rows of a group's first part that match, `t0`, where all other parts of the same group match too. */
export function matchingGroups(
  dialect: Capabilities,
  { param, parts }: TupleFilter,
  alias: string,
): { from: Query; where: Condition } {
  const name = (at: number) => (at === 0 ? alias : `${alias}_${at}`);
  const conditions = parts.map((part, at) =>
    allOf([
      sql<boolean>`${sql.ref(`${name(at)}.param`)} = ${param} AND ${sql.ref(`${name(at)}.part`)} = ${at}`,
      partMatch(dialect, part, name(at)),
    ]),
  );
  const [first, ...others] = conditions;
  const joined = others.map((condition, at) => {
    const [one, next] = [alias, name(at + 1)];
    const same = sql<boolean>`${sql.ref(`${next}.rid`)} = ${sql.ref(`${one}.rid`)}
      AND ${sql.ref(`${next}.grp`)} = ${sql.ref(`${one}.grp`)}`;
    return sql<boolean>`EXISTS (SELECT 1 FROM tuple ${sql.ref(next)} WHERE ${same} AND ${condition})`;
  });
  return { from: sql`tuple ${sql.ref(alias)}`, where: allOf([...(first ? [first] : []), ...joined]) };
}

function partMatch(dialect: Capabilities, part: TuplePart, alias: string): Condition {
  const column: Column = name => sql.ref(`${alias}.${columnOf[name] ?? name}`);
  const columns: Columns = { exact: column, range: column };
  switch (part.kind) {
    case 'token':
      return tokens(dialect, [part], column);
    case 'string':
      return startsWith(column('norm'), part.norm);
    case 'range':
      return inRange(column('lo'), column('hi'), part);
    case 'quantity':
      return quantity(part, columns);
    case 'reference':
      return sql`${column('code')} = ${part.target}`;
  }
}

/** Where a tuple keeps what the tables of single values call otherwise. */
const columnOf: Record<string, string> = { norm: 'code', val: 'lo' };
