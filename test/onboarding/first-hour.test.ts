import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { onSqlite } from '../harness/databases.ts';

const root = join(import.meta.dirname, '../..');

/** The commands as the page has them; only the port is another, so that nothing else on this machine is in the way. */
async function commands(port: number): Promise<string> {
  const page = await readFile(join(root, 'docs/operating.md'), 'utf8');
  const chapter = page.slice(page.indexOf('## The first hour'));
  const block = /```sh\n([\s\S]*?)```/.exec(chapter)?.[1];
  if (!block) throw new Error('docs/operating.md has no commands for the first hour');
  return block.replaceAll('127.0.0.1:8080', `127.0.0.1:${port}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise(resolve => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

onSqlite('the first hour', database => {
  let folder: string;
  let shell: ChildProcess | undefined;
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  let code: number | null;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hub-first-hour-'));
    for (const name of ['docs', 'src', 'bots', 'profiles', 'terminology', 'package.json', 'node_modules'])
      await symlink(join(root, name), join(folder, name));
    const url = database.name === 'postgres' ? (await database.options({ migrated: false })).url : undefined;
    const port = await freePort();
    const script = `set -e\n${await commands(port)}`;
    shell = spawn('bash', ['-c', script], {
      cwd: folder,
      // A group of its own, so that the hub which it starts ends with it.
      detached: true,
      env: {
        ...process.env,
        HUB_PORT: String(port),
        HUB_CACHE: join(root, 'node_modules/.cache/warm-handoff'),
        HUB_LOG: 'error',
        npm_config_offline: 'true',
        ...(url ? { HUB_DATABASE_URL: url } : {}),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    shell.stdout?.on('data', chunk => out.push(chunk));
    shell.stderr?.on('data', chunk => err.push(chunk));
    [code] = await once(shell, 'exit');
  }, 180_000);
  afterAll(async () => {
    const group = shell?.pid;
    if (group !== undefined) {
      process.kill(-group, 'SIGTERM');
      for (let waited = 0; waited < 100 && isAlive(group); waited++)
        await new Promise(resolve => setTimeout(resolve, 50));
    }
    await rm(folder, { recursive: true, force: true });
  });

  const text = (chunks: Buffer[]) => Buffer.concat(chunks).toString();

  it('ends with a referral sent by one organization and accepted by the other', () => {
    expect(code, text(err)).toBe(0);
    const last = text(out).slice(text(out).lastIndexOf('{"resourceType":"Bundle"'));
    const { entry } = JSON.parse(last) as { entry: { resource: { status: string; requester: unknown } }[] };
    expect(entry.map(({ resource }) => resource.status)).toEqual(['in-progress']);
    expect(entry[0]?.resource.requester).toEqual({ reference: 'Organization/general-hospital' });
  });

  it('tells secrets and invitations once, in a file that only its owner reads', async () => {
    const file = join(folder, 'secrets.txt');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    expect(lines.map(line => line.split('\t').slice(0, 2))).toEqual([
      ['client', 'general-ehr'],
      ['client', 'northside-ehr'],
      ['invitation', 'ada@general-hospital.example'],
      ['invitation', 'luis@northside.example'],
    ]);
    for (const line of lines) expect(text(out)).not.toContain(line.split('\t')[2]);
  });
});

function isAlive(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}
