import { setTimeout } from 'node:timers/promises';
import type { RawBuilder } from 'kysely';
import type pg from 'pg';
import { HubError } from '../../errors.ts';
import { postgres } from '../capabilities.ts';
import { compile, type Writer } from '../database.ts';
import type { CommitList, CommitResult } from '../types.ts';
import { applyList, TakenKey } from './apply.ts';
import { isTransient, translate } from './errors.ts';

const attempts = 8;

/** Each list is one short transaction, applied again when another one was in its way. */
export class PostgresWriter implements Writer {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async commit(list: CommitList): Promise<CommitResult> {
    try {
      return await this.#transaction(
        client => applyList(client, list),
        result => result.ok,
      );
    } catch (error) {
      if (error instanceof TakenKey) {
        return { ok: false, failed: error.failed };
      }
      throw error;
    }
  }

  async run<Row>(...statements: RawBuilder<unknown>[]): Promise<Row[]> {
    return this.#transaction(async client => {
      let rows: Row[] = [];
      for (const statement of statements) {
        const { sql, parameters } = compile(postgres, statement);
        rows = (await client.query<Row & pg.QueryResultRow>(sql, [...parameters])).rows;
      }
      return rows;
    });
  }

  async #transaction<T>(
    work: (client: pg.ClientBase) => Promise<T>,
    keep: (result: T) => boolean = () => true,
  ): Promise<T> {
    for (let attempt = 1; attempt <= attempts; attempt++) {
      try {
        return await this.#once(work, keep);
      } catch (error) {
        if (!isTransient(error)) {
          throw translate(error);
        }
        await setTimeout(Math.random() * 5 * attempt);
      }
    }
    throw new HubError('unavailable', `Other writes were in the way ${attempts} times. Try again later.`);
  }

  async #once<T>(work: (client: pg.ClientBase) => Promise<T>, keep: (result: T) => boolean): Promise<T> {
    const client = await this.#pool.connect();
    let broken = false;
    try {
      await client.query('BEGIN');
      const result = await work(client);
      await client.query(keep(result) ? 'COMMIT' : 'ROLLBACK');
      return result;
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
