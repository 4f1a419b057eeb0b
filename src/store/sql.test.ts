import fc from 'fast-check';
import { sql as kyselySql } from 'kysely';
import { expect, it } from 'vitest';
import { postgres, sqlite } from './capabilities.ts';
import { compile } from './database.ts';
import { type RawBuilder, sql } from './sql.ts';

it('makes a parameter of each value, in the order of the text, and none of a part', () => {
  const part = sql`b IN (${sql.join(['x', 'y'])})`;
  const query = sql`SELECT ${sql.ref('r.id')} FROM ${sql.table('resource')} r WHERE a = ${1} AND ${part}`;
  expect(compile(postgres, query)).toEqual({
    sql: 'SELECT "r"."id" FROM "resource" r WHERE a = $1 AND b IN ($2, $3)',
    parameters: [1, 'x', 'y'],
  });
  expect(compile(sqlite, query).sql).toContain('a = ? AND b IN (?, ?)');
});

it('joins nothing to nothing', () => {
  expect(compile(sqlite, sql.join([]))).toEqual({ sql: '', parameters: [] });
});

it('keeps lists and null as values', () => {
  expect(compile(postgres, sql`${['a', 'b']} ${null}`).parameters).toEqual([['a', 'b'], null]);
});

it('refuses a name that would end its quotation', () => {
  expect(() => sql.ref('a" OR 1=1 --')).toThrow('quotation mark');
});

/** A part of a query with parts in it, made here, by Kysely, or by both in turn. */
const parts = fc.letrec<{ part: RawBuilder<unknown> }>(tie => ({
  part: fc.oneof(
    { depthSize: 'small' },
    fc.oneof(fc.integer(), fc.string()).map(value => sql`a = ${value}`),
    fc.constantFrom('rid', 'r.rid').map(sql.ref),
    tie('part').map(one => sql`(${one} OR b = ${'x'})`),
    tie('part').map(one => kyselySql`NOT (${one} AND ${1} = ${kyselySql.ref('c.d')})`),
    fc.array(tie('part'), { maxLength: 3 }).map(some => sql.join(some, sql` AND `)),
  ),
})).part;

it('writes what Kysely writes', () => {
  fc.assert(
    fc.property(parts, fc.constantFrom(sqlite, postgres), (part, dialect) => {
      const { sql: text, parameters } = kyselySql`${part}`.compile(dialect.compiler);
      expect(compile(dialect, part)).toEqual({ sql: text, parameters });
    }),
    { numRuns: 300 },
  );
});
