import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, describe, inject } from 'vitest';
import type { Reader } from '../../src/store/database.ts';
import { openStore } from '../../src/store/open.ts';
import type { StoreOptions } from '../../src/store/options.ts';
import { createPool } from '../../src/store/postgres/pool.ts';
import { PostgresReader } from '../../src/store/postgres/reader.ts';
import { SqliteReader } from '../../src/store/sqlite/reader.ts';
import type { Store } from '../../src/store/store.ts';
import { templateDatabase } from './postgres.ts';

/** One of the two databases, as a test uses it. All that it gives is cleaned up when its `describe` ends. */
export interface TestDatabase {
  readonly name: 'sqlite' | 'postgres';
  /** Where a new, empty database is; `migrated: false` leaves even the schema out. */
  options(how?: { migrated: boolean }): Promise<StoreOptions>;
  /** A store on a new, empty database, or one more on that of the options. */
  open(options?: StoreOptions): Promise<Store>;
  /** For a look at the tables themselves. */
  reader(options: StoreOptions): Reader;
}

/** `describe`s the same tests on SQLite and on PostgreSQL. */
export function eachDatabase(title: string, define: (database: TestDatabase) => void): void {
  describeOn(['sqlite', 'postgres'], title, define);
}

/**
 * `describe`s what lies above the store, whose own tests hold that both databases answer alike: on SQLite, and in the
 * full check on PostgreSQL as well.
 */
export function onSqlite(title: string, define: (database: TestDatabase) => void): void {
  describeOn(process.env.CHECK_FULL ? ['sqlite', 'postgres'] : ['sqlite'], title, define);
}

function describeOn(
  names: readonly TestDatabase['name'][],
  title: string,
  define: (database: TestDatabase) => void,
): void {
  describe.each(names)(`${title} on %s`, name => {
    const cleanups: (() => Promise<void>)[] = [];
    afterAll(async () => {
      for (const cleanup of cleanups.toReversed()) {
        await cleanup();
      }
    });
    const options: TestDatabase['options'] = ({ migrated } = { migrated: true }) =>
      name === 'sqlite'
        ? newFile(cleanups)
        : newDatabase(cleanups, migrated ? templateDatabase : 'template1');
    const open: TestDatabase['open'] = async where => {
      const store = await openStore(where ?? (await options()));
      cleanups.push(() => store.close());
      return store;
    };
    const reader: TestDatabase['reader'] = ({ file = '', url }) => {
      if (url === undefined) {
        const opened = new SqliteReader(file);
        cleanups.push(async () => opened.close());
        return opened;
      }
      const pool = createPool(url);
      cleanups.push(() => pool.end());
      return new PostgresReader(pool);
    };
    define({ name, options, open, reader });
  });
}

async function newFile(cleanups: (() => Promise<void>)[]): Promise<StoreOptions> {
  const folder = await mkdtemp(join(tmpdir(), 'hub-sqlite-'));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  return { file: join(folder, 'hub.db') };
}

async function newDatabase(cleanups: (() => Promise<void>)[], template: string): Promise<StoreOptions> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await administer(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`);
  cleanups.push(() => administer(`DROP DATABASE ${name} WITH (FORCE)`));
  return { url: `${server()}/${name}` };
}

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${server()}/postgres` });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** The server of this worker. */
function server(): string {
  const url = inject('postgresUrls')[Number(process.env.VITEST_POOL_ID) - 1];
  if (url === undefined) {
    throw new Error(`No PostgreSQL server for worker ${process.env.VITEST_POOL_ID}`);
  }
  return url;
}
