import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { readConfig } from '../../src/config.ts';
import { seedDemo } from '../../src/demo/seed.ts';
import { type RunningHub, startHub } from '../../src/main.ts';
import { launchBrowser } from './browser.ts';

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
  const config = readConfig({
    HUB_DATA: data,
    HUB_CACHE: join(import.meta.dirname, '../../node_modules/.cache/warm-handoff'),
    HUB_PORT: '0',
    HUB_ENV: 'test',
    HUB_LOG: 'error',
  });
  const [running, browser] = await Promise.all([
    startHub(config, { bots: false, definitions: false, prepare: hub => seedDemo(hub, config) }),
    launchBrowser(),
  ]);
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
