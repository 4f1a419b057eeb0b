import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../clock.ts';
import { readConfig } from '../config.ts';
import { createHub, type Hub } from '../hub.ts';
import { lastPlace, placeIn } from './place.ts';
import { seedDemo } from './seed.ts';
import { demoSteps } from './steps.ts';

const root = join(import.meta.dirname, '../..');
const cache = join(root, 'node_modules/.cache/warm-handoff');
const folders: string[] = [];
afterAll(() => Promise.all(folders.map(folder => rm(folder, { recursive: true, force: true }))));

async function newConfig() {
  const data = await mkdtemp(join(tmpdir(), 'hub-resume-'));
  folders.push(data);
  return readConfig({ HUB_DATA: data, HUB_CACHE: cache, HUB_PORT: '0', HUB_ENV: 'test', HUB_LOG: 'error' });
}

const open = (config: Awaited<ReturnType<typeof newConfig>>): Promise<Hub> =>
  createHub({ config, clock: systemClock, baseUrl: 'http://127.0.0.1:8080' });

/** Who was asked for whom, and how it stands: what a seed leaves, whatever ids the hub gave. */
async function referrals(hub: Hub): Promise<string[]> {
  const found = await hub.repository(hub.hubActor).search('Task', new URLSearchParams('_count=200'));
  return found.entries
    .map(entry => entry.stored.resource() as Task)
    .map(
      task =>
        `${task.for?.reference} ${task.owner?.reference} ${task.status} ${task.businessStatus?.coding?.[0]?.code}`,
    )
    .sort();
}

let expected: string[];
beforeAll(async () => {
  const config = await newConfig();
  const hub = await open(config);
  await seedDemo(hub, config);
  expected = await referrals(hub);
  await hub.close();
});

it('goes on where it was killed, and comes to the same', { timeout: 60_000 }, async () => {
  const config = await newConfig();
  const hub = await open(config);
  const middle = Math.floor(demoSteps().length / 2);
  const env = {
    ...process.env,
    HUB_DATA: config.data,
    HUB_CACHE: cache,
    HUB_PORT: '0',
    HUB_ENV: 'test',
    HUB_LOG: 'error',
  };
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', 'serve'], {
    cwd: root,
    env,
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  let place = 0;
  while (place < middle && child.exitCode === null) {
    await new Promise(resolve => setTimeout(resolve, 2));
    place = await placeIn(hub.store);
  }
  child.kill('SIGKILL');
  await ended;
  const left = await placeIn(hub.store);
  expect(left).toBeGreaterThanOrEqual(middle);
  expect(left, 'killed before it was done').toBeLessThan(lastPlace);

  expect(await seedDemo(hub, config)).toMatchObject({ outcome: 'seeded' });
  expect(await referrals(hub)).toEqual(expected);
  await hub.close();
});
