import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { systemClock } from '../src/clock.ts';
import { type Config, readConfig } from '../src/config.ts';
import { createHub, type Hub } from '../src/hub.ts';

const root = join(import.meta.dirname, '..');

/** As `hub` is run by its launcher. */
const loader = pathToFileURL(join(root, 'src', 'load-tsx.mjs')).href;

/** Definitions compiled by any run serve the next: no figure is about compiling them. */
const cache = join(root, 'node_modules', '.cache', 'warm-handoff');

/** A database of its own for one benchmark, with an organization and a client that may do everything. */
export interface Ground {
  env: Record<string, string>;
  organization: string;
  client: string;
  token: string;
  remove(): Promise<void>;
}

export async function prepareGround(databaseUrl?: string): Promise<Ground> {
  const data = await mkdtemp(join(tmpdir(), 'hub-bench-'));
  const env = {
    HUB_DATA: data,
    HUB_CACHE: cache,
    HUB_PORT: '0',
    HUB_ENV: 'test',
    HUB_LOG: 'warn',
    HUB_RATE_LIMIT: '0',
    ...(databaseUrl ? { HUB_DATABASE_URL: databaseUrl } : {}),
  };
  const hub = await openHub(readConfig(env));
  const organization = 'bench-hospital';
  const client = 'bench-ehr';
  const resource = {
    resourceType: 'Organization',
    id: organization,
    name: 'Benchmark Hospital',
    active: true,
  } as const;
  await hub
    .repository(hub.hubActor)
    .write([{ kind: 'update', type: 'Organization', id: organization, resource, inNameOf: organization }]);
  await hub.authorization.clients.add({
    clientId: client,
    name: 'Benchmark EHR',
    organization,
    scope: 'system/*.cruds',
    loads: true,
  });
  const { token } = await hub.authorization.issueToken({ client, ttl: 86_400 });
  await hub.close();
  return { env, organization, client, token, remove: () => rm(data, { recursive: true, force: true }) };
}

function openHub(config: Config): Promise<Hub> {
  return createHub({ config, clock: systemClock, baseUrl: 'http://127.0.0.1' });
}

/** A process that listens. */
export interface ServerProcess {
  url: string;
  /** Bytes of memory that are resident now. */
  residentMemory(): Promise<number>;
  /** Seconds of processor time it has used so far; `undefined` where the system does not tell. */
  processorTime(): Promise<number | undefined>;
  stop(): Promise<void>;
}

/** Runs `hub serve` as its own process. */
export function startHub({ env }: Ground): Promise<ServerProcess> {
  return startServer(join(root, 'src', 'cli', 'main.ts'), ['serve'], env);
}

/** Runs a `hub` command as its own process, to its end. */
export async function runHub({ env }: Ground, args: string[]): Promise<void> {
  const child = node(join(root, 'src', 'cli', 'main.ts'), args, env);
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', text => said.push(String(text)));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`hub ${args.join(' ')} ended with ${code}: ${said.join('').slice(-2000)}`);
}

/** Runs a script that prints the URL it listens at. */
export async function startServer(
  script: string,
  args: string[],
  env: Record<string, string>,
): Promise<ServerProcess> {
  const child = node(script, args, env);
  const url = await addressOf(child, script);
  child.stdout?.resume();
  child.stderr?.resume();
  return {
    url,
    residentMemory: () => residentMemory(child.pid ?? 0),
    processorTime: () => processorTime(child.pid ?? 0),
    async stop() {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}

function node(script: string, args: string[], env: Record<string, string>): ChildProcess {
  const folder = process.argv.find(arg => arg.startsWith('--profile='))?.slice('--profile='.length);
  const profiled = folder ? ['--cpu-prof', '--cpu-prof-dir', resolve(folder)] : [];
  return spawn(process.execPath, [...profiled, '--import', loader, script, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, ...env },
  });
}

async function addressOf(child: ChildProcess, script: string): Promise<string> {
  let said = '';
  const found = Promise.withResolvers<string>();
  child.stderr?.on('data', text => {
    said += text;
  });
  child.stdout?.on('data', text => {
    said += text;
    const url = /https?:\/\/[\w.:[\]-]+/.exec(String(text))?.[0];
    if (url) found.resolve(url);
  });
  child.once('exit', code =>
    found.reject(new Error(`${script} ended with ${code} before it listened: ${said}`)),
  );
  return found.promise;
}

/** https://man7.org/linux/man-pages/man5/proc_pid_status.5.html ; elsewhere `ps` tells. */
async function residentMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => undefined);
  if (status !== undefined) return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024;
  const ps = spawn('ps', ['-o', 'rss=', '-p', String(pid)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  ps.stdout.on('data', part => {
    text += part;
  });
  await once(ps, 'close');
  return Number(text.trim()) * 1024;
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html : user and system time, in hundredths of a second. */
async function processorTime(pid: number): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  const [user, system] =
    stat
      ?.slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13) ?? [];
  return user === undefined || system === undefined ? undefined : (Number(user) + Number(system)) / 100;
}

/** Waits until the address answers with 200, and tells how many milliseconds after `from` it did. */
export async function firstAnswer(url: string, from: number): Promise<number> {
  for (;;) {
    const response = await fetch(url).catch(() => undefined);
    await response?.arrayBuffer();
    if (response?.ok) return performance.now() - from;
    await setTimeout(2);
  }
}
