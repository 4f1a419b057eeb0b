import { rmSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { readConfig } from '../../src/config.ts';
import { seedDemo } from '../../src/demo/seed.ts';
import { type RunningHub, startHub } from '../../src/main.ts';
import { launchBrowser } from './browser.ts';
import { folderOfRun } from './run-folder.ts';

/** A hub with the demo network, as `npm start` seeds it, and a browser to look at it. */
export interface DemoHub {
  running: RunningHub;
  browser: Browser;
  /** Where it keeps its database, and the mails that it would send. */
  data: string;
  stop(): Promise<void>;
}

export async function startDemoHub(): Promise<DemoHub> {
  const data = await mkdtemp(join(tmpdir(), 'hub-demo-'));
  const [running, browser] = await Promise.all([copyOfSeeded(data), launchBrowser()]);
  return {
    running,
    browser,
    data,
    async stop() {
      await browser.close();
      await running.stop();
      await rm(data, { recursive: true, force: true });
    },
  };
}

async function copyOfSeeded(data: string): Promise<RunningHub> {
  seeded ??= seedOnce();
  await cp(await seeded, data, { recursive: true });
  return startHub(configOf(data), { bots: false, definitions: false });
}

/** To seed the network takes longer than all else: a process of tests does it once, and each test has a copy. */
let seeded: Promise<string> | undefined;

async function seedOnce(): Promise<string> {
  const data = folderOfRun('hub-demo-seeded-');
  process.once('exit', () => rmSync(data, { recursive: true, force: true }));
  const config = configOf(data);
  const running = await startHub(config, {
    bots: false,
    definitions: false,
    prepare: hub => seedDemo(hub, config),
  });
  await running.stop();
  return data;
}

const configOf = (data: string) =>
  readConfig({
    HUB_DATA: data,
    HUB_CACHE: join(import.meta.dirname, '../../node_modules/.cache/warm-handoff'),
    HUB_PORT: '0',
    HUB_ENV: 'test',
    HUB_LOG: 'error',
  });
