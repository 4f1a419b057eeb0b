import { availableParallelism } from 'node:os';
import type { TestProject } from 'vitest/node';
import { eventsSchema, sealsSchema } from '../../src/store/audit/schema.ts';
import { hubSchema } from '../../src/store/migrate.ts';
import { migratePool } from '../../src/store/postgres/migration.ts';
import { createPool } from '../../src/store/postgres/pool.ts';
import { type PostgresServer, startPostgres } from './postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** URLs of the servers, without a database: one for each worker, see `VITEST_POOL_ID`. */
    postgresUrls: string[];
  }
}

/** One more than there are processors: tests wait for processes that start, leases that end, and browsers. */
export const workers = Math.min(availableParallelism() + 1, 4);

/** Already migrated: a new database is a copy of it. */
export const templateDatabase = 'hub_template';

/**
 * Starts PostgreSQL for the whole run; a run without it fails. Each worker has a server of its own: a
 * transaction that is open anywhere on a server holds back the change feeds of all its databases.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const count = Math.min(workers, project.config.maxWorkers);
  const servers = await Promise.all(Array.from({ length: count }, prepare));
  project.provide(
    'postgresUrls',
    servers.map(server => server.url),
  );
  return async () => {
    await Promise.all(servers.map(server => server.stop()));
  };
}

async function prepare(): Promise<PostgresServer> {
  const server = await startPostgres();
  await server.createDatabase(templateDatabase);
  const pool = createPool(`${server.url}/${templateDatabase}`);
  await migratePool(pool, hubSchema);
  await migratePool(pool, eventsSchema);
  await migratePool(pool, sealsSchema);
  await pool.end();
  return server;
}
