import { HubError } from '../errors.ts';
import type { StoreOptions } from './options.ts';
import { connectPostgres } from './postgres/open.ts';
import { SqlStore } from './sql-store.ts';
import { connectSqlite } from './sqlite/open.ts';
import type { Store } from './store.ts';

/**
 * Opens the database and brings it to this code's schema. Several processes may do so at once.
 * `url` is preferred to `file`. Refuses a database that newer code has migrated.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  if (options.url !== undefined) {
    return new SqlStore(await connectPostgres(options.url));
  }
  if (options.file !== undefined) {
    return new SqlStore(await connectSqlite(options.file));
  }
  throw new HubError(
    'invalid',
    'A store needs the `file` of an SQLite database or the `url` of a PostgreSQL one.',
  );
}
