import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type RawBuilder,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely';

/** What the two databases do differently, in one table: nothing else asks which one it is. */
export interface Capabilities {
  readonly name: 'sqlite' | 'postgres';
  /** Turns a query into SQL text and parameters; it has no connection. */
  readonly compiler: Kysely<unknown>;
  /** `column` is one of the values. One parameter however many values, so the statement stays cached. */
  oneOf(column: RawBuilder<unknown>, values: readonly (string | number)[]): RawBuilder<boolean>;
  /**
   * Joins one more table, never reordered by the planner: ` CROSS JOIN table alias ON …` on SQLite, a
   * ` CROSS JOIN LATERAL (… OFFSET 0)` on PostgreSQL. `on` may refer to the tables written before it.
   */
  next(table: string, alias: string, on: RawBuilder<boolean>): RawBuilder<unknown>;
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
  compiler: sqliteCompiler,
  oneOf: (column, values) => sql`${column} IN (SELECT value FROM json_each(${JSON.stringify(values)}))`,
  next: (table, alias, on) => sql` CROSS JOIN ${sql.table(table)} AS ${sql.ref(alias)} ON ${on}`,
};

export const postgres: Capabilities = {
  name: 'postgres',
  compiler: postgresCompiler,
  oneOf: (column, values) => sql`${column} = ANY(${values})`,
  next: (table, alias, on) => {
    const [name, as] = [sql.table(table), sql.ref(alias)];
    return sql` CROSS JOIN LATERAL (SELECT * FROM ${name} AS ${as} WHERE ${on} OFFSET 0) AS ${as}`;
  },
};
