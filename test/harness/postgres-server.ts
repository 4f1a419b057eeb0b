import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { type Installation, installPostgres } from './postgres-installation.ts';

export interface PostgresServer {
  /** `postgres://user:password@host:port`, without a database. */
  url: string;
  createDatabase(name: string): Promise<void>;
  /** Stops it and removes its data. */
  stop(): Promise<void>;
}

/** Starts a real PostgreSQL on a free port of the loopback, with its data in memory where there is room. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = await mkdtemp(join(await roomyFolder(), 'hub-postgres-'));
  await chmod(folder, 0o755);
  const guard = removeWhenOrphaned(folder);
  const remove = async () => {
    await rm(folder, { recursive: true, force: true });
    guard.kill();
  };
  try {
    const installation = await installPostgres(folder);
    const { port, server } = await startServer(installation);
    const url = `postgres://hub:hub@127.0.0.1:${port}`;
    const stop = async () => {
      server.kill('SIGINT');
      await ended(server);
      await remove();
    };
    return { url, createDatabase: name => createDatabase(url, name), stop };
  } catch (error) {
    await remove();
    throw new Error('PostgreSQL for the tests did not start', { cause: error });
  }
}

/** Nothing of it outlives the run: durability costs time and proves nothing here. */
const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  // Kept in the data folder too, so that nothing is left when a run is killed.
  dynamic_shared_memory_type: 'mmap',
  wal_level: 'minimal',
  max_wal_senders: '0',
  autovacuum: 'off',
  max_connections: '200',
  shared_buffers: '64MB',
};

/** Another process may take the free port first: then another one is tried. */
async function startServer(installation: Installation): Promise<{ port: number; server: ChildProcess }> {
  const refusals: unknown[] = [];
  while (refusals.length < 3) {
    const port = await freePort();
    try {
      return { port, server: await startOn(port, installation) };
    } catch (error) {
      refusals.push(error);
    }
  }
  throw new AggregateError(refusals, `PostgreSQL did not start on any port: ${refusals.at(-1)}`);
}

async function startOn(port: number, { postgres, data, owner }: Installation): Promise<ChildProcess> {
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = spawn(postgres, ['-D', data, '-p', String(port), ...flags], {
    ...owner,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const { promise, resolve, reject } = Promise.withResolvers<ChildProcess>();
  let log = '';
  server.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
    if (log.includes('ready to accept connections')) resolve(server);
  });
  server.once('error', reject);
  server.once('exit', code => reject(new Error(`postgres ended with ${code}:\n${log}`)));
  return promise;
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode === null && server.signalCode === null) {
    await once(server, 'exit');
  }
}

async function createDatabase(url: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${url}/postgres` });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

const enough = 2 * 2 ** 30;

async function roomyFolder(): Promise<string> {
  const memory = '/dev/shm';
  const room = await statfs(memory).catch(() => undefined);
  return room && room.bavail * room.bsize >= enough ? memory : tmpdir();
}

/** A run that is killed cleans nothing up: this process outlives it for as long as that takes. */
function removeWhenOrphaned(folder: string): ChildProcess {
  const script = fileURLToPath(new URL('./remove-when-orphaned.ts', import.meta.url));
  const guard = spawn(process.execPath, [script, folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.unref();
  return guard;
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
