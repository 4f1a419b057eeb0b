import { createHash } from 'node:crypto';
import type pg from 'pg';
import { postgres } from '../capabilities.ts';
import { type Compiled, compile, type Reader } from '../database.ts';
import type { RawBuilder } from '../sql.ts';
import { translate } from './errors.ts';

/** Reads over the pool, each statement prepared once on each connection. */
export class PostgresReader implements Reader {
  readonly dialect = postgres;
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async all<Row>(query: RawBuilder<Row> | Compiled): Promise<Row[]> {
    try {
      const { sql, parameters } = compile(postgres, query);
      const prepared = { name: nameOf(sql), text: sql, values: [...parameters] };
      return (await this.#pool.query<Row & pg.QueryResultRow>(prepared)).rows;
    } catch (error) {
      throw translate(error);
    }
  }
}

const named = new Map<string, string>();
const seen = new Map<string, number>();

/**
 * A name for the prepared statement of a text that comes often: the same on every connection. Names stay for
 * the life of a connection, so rare shapes of a search get none, and there is a limit to their number.
 */
function nameOf(sql: string): string | undefined {
  const name = named.get(sql);
  if (name !== undefined || named.size >= 1000) {
    return name;
  }
  const times = (seen.get(sql) ?? 0) + 1;
  if (times < 3) {
    seen.set(sql, times);
  } else {
    seen.delete(sql);
    named.set(sql, createHash('sha256').update(sql).digest('base64url').slice(0, 32));
  }
  if (seen.size > 5000) {
    seen.clear();
  }
  return named.get(sql);
}
