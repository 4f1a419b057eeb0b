import { sql as kyselySql } from 'kysely';
import type { Capabilities } from './capabilities.ts';
import { type RawBuilder, writeOut } from './sql.ts';
import type { CommitList, CommitResult } from './types.ts';

/** SQL as the database takes it: `?` on SQLite, `$1` on PostgreSQL. */
export interface Compiled {
  sql: string;
  parameters: readonly unknown[];
}

/**
 * Runs queries written as `sql` templates. Statements are cached by their text: pass values as
 * parameters and lists through `dialect.oneOf`, so that one shape of a query is one text.
 * Whole numbers come back as numbers, on both databases.
 */
export interface Reader {
  readonly dialect: Capabilities;
  all<Row>(query: RawBuilder<Row> | Compiled): Promise<Row[]>;
  /** A number that is another one as soon as the next query could see any change, where the database tells. */
  state?(): number;
}

/** The text and parameters of a query, for a statement that is run later or elsewhere (a Condition). */
export function compile(dialect: Capabilities, query: RawBuilder<unknown> | Compiled): Compiled {
  if ('parameters' in query) return query;
  const { sql, parameters } = writeOut(query, dialect.mark) ?? kyselySql`${query}`.compile(dialect.compiler);
  return { sql, parameters };
}

/** Changes the database. On SQLite there is one for the whole process, in a thread of its own. */
export interface Writer {
  commit(list: CommitList): Promise<CommitResult>;
  /** Runs the statements in one transaction; gives the rows of the last one. */
  run<Row>(...statements: [...RawBuilder<unknown>[], RawBuilder<Row>]): Promise<Row[]>;
}
