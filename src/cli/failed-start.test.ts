import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

it('a start that fails says why, and ends', { timeout: 20_000 }, async () => {
  const data = await mkdtemp(join(tmpdir(), 'hub-failed-start-'));
  const hub = spawn(process.execPath, ['--import', './src/load-tsx.mjs', 'src/cli/main.ts', 'serve'], {
    cwd: root,
    env: {
      ...process.env,
      HUB_DATA: data,
      HUB_CACHE: join(root, 'node_modules/.cache/warm-handoff'),
      HUB_PORT: '0',
      HUB_PROFILES: 'http://nowhere.example/profile',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const told: Buffer[] = [];
  hub.stderr.on('data', chunk => told.push(chunk));
  try {
    const [code] = await once(hub, 'close', { signal: AbortSignal.timeout(15_000) });
    expect([code, Buffer.concat(told).toString()]).toEqual([
      1,
      expect.stringContaining('hub: HUB_PROFILES names http://nowhere.example/profile, which is not known'),
    ]);
  } finally {
    hub.kill('SIGKILL');
    await rm(data, { recursive: true, force: true });
  }
});
