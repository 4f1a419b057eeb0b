import { setTimeout } from 'node:timers/promises';
import type pg from 'pg';
import { HubError } from '../../errors.ts';
import { postgres } from '../capabilities.ts';
import { compile, type Writer } from '../database.ts';
import type { RawBuilder } from '../sql.ts';
import type { CommitList, CommitResult } from '../types.ts';
import { applyList } from './apply.ts';
import { isTransient, translate } from './errors.ts';

const attempts = 8;

/** Each list is one short transaction, applied again when another one was in its way. */
export class PostgresWriter implements Writer {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  commit(list: CommitList): Promise<CommitResult> {
    return this.#patiently(client => applyList(client, list));
  }

  run<Row>(...statements: RawBuilder<unknown>[]): Promise<Row[]> {
    return this.#patiently(async client => {
      await client.query('BEGIN');
      let rows: Row[] = [];
      for (const statement of statements) {
        const { sql, parameters } = compile(postgres, statement);
        rows = (await client.query<Row & pg.QueryResultRow>(sql, [...parameters])).rows;
      }
      await client.query('COMMIT');
      return rows;
    });
  }

  /** Does the work, again when another transaction was in its way. */
  async #patiently<T>(work: (client: pg.ClientBase) => Promise<T>): Promise<T> {
    for (let attempt = 1; attempt <= attempts; attempt++) {
      try {
        return await this.#once(work);
      } catch (error) {
        if (!isTransient(error)) {
          throw translate(error);
        }
        await setTimeout(Math.random() * 5 * attempt);
      }
    }
    throw new HubError('unavailable', `Other writes were in the way ${attempts} times. Try again later.`);
  }

  async #once<T>(work: (client: pg.ClientBase) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    let broken = false;
    try {
      return await work(client);
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {
        broken = true;
      });
      throw error;
    } finally {
      // A connection whose transaction could not be ended is not used again.
      client.release(broken);
    }
  }
}
