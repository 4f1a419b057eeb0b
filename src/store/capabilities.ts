import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { ftsMatch, tsquery } from './full-text.ts';
import { encoded } from './hole.ts';
import type { TextQuery } from './search/types.ts';
import { type RawBuilder, sql } from './sql.ts';
import type { FeedCursor, Words } from './types.ts';

/** What the two databases do differently, in one table: nothing else asks which one it is. */
export interface Capabilities {
  readonly name: 'sqlite' | 'postgres';
  /** How a text names its parameter of a place, from 1. */
  readonly mark: (place: number) => string;
  /** Turns a query that Kysely has made a part of into SQL text and parameters; it has no connection. */
  readonly compiler: Kysely<unknown>;
  /** `column` is one of the values. One parameter however many values, so the statement stays cached. */
  oneOf(column: RawBuilder<unknown>, values: readonly (string | number)[]): RawBuilder<boolean>;
  /** A subquery with one column, `value`, of the texts. */
  each(values: readonly string[]): RawBuilder<unknown>;
  /** For FROM: `e.value` is each of the rows as a JSON array. */
  rows(values: readonly (readonly unknown[])[]): RawBuilder<unknown>;
  /** 1 when there is a table of the name. */
  hasTable(name: string): RawBuilder<number>;
  /** What a transaction runs first to be alone in writing a table: nothing where there is one writer. */
  alone(table: string): RawBuilder<unknown>[];
  /**
   * The feed: a row's transaction, rows that no later commit can precede, and rows after a place. On
   * PostgreSQL a sequence number can become visible after a later one, so the place starts with the
   * transaction, and transactions that are still running hold back all that came after them.
   */
  readonly feed: {
    xid: RawBuilder<string>;
    settled: RawBuilder<boolean>;
    after(place: FeedCursor): RawBuilder<boolean>;
    order: RawBuilder<unknown>;
    newest: RawBuilder<unknown>;
    /** A transaction's name as the column keeps it. */
    asXid(xid: string): RawBuilder<unknown>;
    isLater(place: PlaceColumns, than: PlaceColumns): RawBuilder<boolean>;
  };
  /**
   * Joins one more table, never reordered by the planner: ` CROSS JOIN table alias ON …` on SQLite, a
   * ` CROSS JOIN LATERAL (… OFFSET 0)` on PostgreSQL. `on` may refer to the tables written before it.
   */
  next(table: string, alias: string, on: RawBuilder<boolean>): RawBuilder<unknown>;
  /**
   * A condition on the tables before `join`, decided for each row before what is written after it: on SQLite
   * a part of the WHERE, which keeps to the order of the joins.
   */
  guard(condition: RawBuilder<boolean>, alias: string): Guard;
  /** The table `fulltext`: the column with the `rid`, and whether a row (`alias`) has the words. */
  readonly fullText: {
    rid: string;
    matches(alias: string, column: keyof Words, query: TextQuery): RawBuilder<boolean>;
  };
}

export interface PlaceColumns {
  xid: RawBuilder<unknown>;
  seq: RawBuilder<unknown>;
}

export interface Guard {
  join: RawBuilder<unknown>;
  where: RawBuilder<boolean>;
}

const sqliteCompiler = new Kysely<unknown>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: db => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

const postgresCompiler = new Kysely<unknown>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: db => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

export const sqlite: Capabilities = {
  name: 'sqlite',
  mark: () => '?',
  compiler: sqliteCompiler,
  oneOf: (column, values) =>
    sql`${column} IN (SELECT value FROM json_each(${encoded(values, one => JSON.stringify(one))}))`,
  each: values => sql`(SELECT value FROM json_each(${JSON.stringify(values)}))`,
  rows: values => sql`json_each(${JSON.stringify(values)}) AS e`,
  hasTable: name => sql`EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ${name})`,
  alone: () => [],
  feed: {
    xid: sql`'0'`,
    settled: sql`1 = 1`,
    after: place => sql`f.seq > ${place.seq}`,
    order: sql`f.seq`,
    newest: sql`f.seq DESC`,
    asXid: xid => sql`${xid}`,
    isLater: (place, than) => sql`${place.seq} > ${than.seq}`,
  },
  next: (table, alias, on) => sql` CROSS JOIN ${sql.table(table)} AS ${sql.ref(alias)} ON ${on}`,
  guard: condition => ({ join: sql``, where: condition }),
  fullText: {
    rid: 'rowid',
    matches: (_, column, query) => sql`fulltext MATCH ${ftsMatch(column, query)}`,
  },
};

export const postgres: Capabilities = {
  name: 'postgres',
  mark: place => `$${place}`,
  compiler: postgresCompiler,
  oneOf: (column, values) => sql`${column} = ANY(${values})`,
  each: values => sql`(SELECT value FROM unnest(${values}::text[]) AS e(value))`,
  rows: values => sql`jsonb_array_elements(${JSON.stringify(values)}::jsonb) AS e(value)`,
  feed: {
    xid: sql`f.xid::text`,
    settled: sql`f.xid < pg_snapshot_xmin(pg_current_snapshot())`,
    after: place => sql`(f.xid, f.seq) > (${place.xid}::xid8, ${place.seq})`,
    order: sql`f.xid, f.seq`,
    newest: sql`f.xid DESC, f.seq DESC`,
    asXid: xid => sql`${xid}::xid8`,
    isLater: (place, than) => sql`(${place.xid}, ${place.seq}) > (${than.xid}, ${than.seq})`,
  },
  hasTable: name => sql`CASE WHEN to_regclass(${name}) IS NULL THEN 0 ELSE 1 END`,
  alone: table => [sql`LOCK TABLE ${sql.table(table)} IN SHARE ROW EXCLUSIVE MODE`],
  next: (table, alias, on) => {
    const [name, as] = [sql.table(table), sql.ref(alias)];
    return sql` CROSS JOIN LATERAL (SELECT * FROM ${name} AS ${as} WHERE ${on} OFFSET 0) AS ${as}`;
  },
  guard: (condition, alias) => ({
    join: sql` CROSS JOIN LATERAL (SELECT 1 WHERE ${condition} OFFSET 0) AS ${sql.ref(alias)}`,
    where: sql<boolean>`1 = 1`,
  }),
  fullText: {
    rid: 'rid',
    matches: (alias, column, query) => sql`${sql.ref(`${alias}.${column}`)} @@ ${tsquery(query)}::tsquery`,
  },
};
