import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** A hub in a process of its own, as an operator runs it: it can be killed. */
export interface HubProcess {
  readonly url: string;
  /** Kills it as a power cut would, and starts it again on the same data and port. */
  killAndRestart(): Promise<void>;
  stop(): Promise<void>;
}

const root = join(import.meta.dirname, '../..');
const cacheFolder = join(root, 'node_modules/.cache/warm-handoff');

export async function startHubProcess(data: string, env: Record<string, string> = {}): Promise<HubProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const all = {
    ...process.env,
    HUB_DATA: data,
    HUB_CACHE: cacheFolder,
    HUB_PORT: String(port),
    // An empty database that is not production's is filled with the demo network: no place for other parties.
    HUB_ENV: 'production',
    HUB_LOG: 'error',
    HUB_RATE_LIMIT: '0',
    ...env,
  };
  const serve = () =>
    spawn(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', 'serve'], {
      cwd: root,
      env: all,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  let child = serve();
  await answers(url, child);
  return {
    url,
    async killAndRestart() {
      child.kill('SIGKILL');
      await once(child, 'exit');
      child = serve();
      await answers(url, child);
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (child.exitCode !== null) throw new Error(`the hub ended with ${child.exitCode}`);
    const response = await fetch(`${url}/healthz`).catch(() => undefined);
    if (response?.ok) return;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  throw new Error('the hub does not answer');
}

/** A port that is free now: the hub must come back on the same one. */
async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise(resolve => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
