import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, describe, inject } from 'vitest';
import { openStore } from '../../src/store/open.ts';
import type { StoreOptions } from '../../src/store/options.ts';
import type { Store } from '../../src/store/store.ts';
import { templateDatabase } from './postgres.ts';

/** One of the two databases, as a test uses it. All that it gives is cleaned up when its `describe` ends. */
export interface TestDatabase {
  readonly name: 'sqlite' | 'postgres';
  /** Where a new, empty database is; `migrated: false` leaves even the schema out. */
  options(how?: { migrated: boolean }): Promise<StoreOptions>;
  /** A store on a new, empty database. */
  open(): Promise<Store>;
}

/** `describe`s the same tests on SQLite and on PostgreSQL. */
export function eachDatabase(title: string, define: (database: TestDatabase) => void): void {
  describe.each(['sqlite', 'postgres'] as const)(`${title} on %s`, name => {
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
    const open = async () => {
      const store = await openStore(await options());
      cleanups.push(() => store.close());
      return store;
    };
    define({ name, options, open });
  });
}

async function newFile(cleanups: (() => Promise<void>)[]): Promise<StoreOptions> {
  const folder = await mkdtemp(join(tmpdir(), 'hub-sqlite-'));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  return { file: join(folder, 'hub.db') };
}

async function newDatabase(cleanups: (() => Promise<void>)[], template: string): Promise<StoreOptions> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await administer(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  cleanups.push(() => administer(`DROP DATABASE ${name} WITH (FORCE)`));
  return { url: `${inject('postgresUrl')}/${name}` };
}

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${inject('postgresUrl')}/postgres` });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
