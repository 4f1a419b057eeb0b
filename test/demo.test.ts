import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OpenHub, runCommand } from '../src/cli/command.ts';
import { demo as demoCommand } from '../src/cli/demo.ts';
import { readConfig } from '../src/config.ts';
import { seedDemo } from '../src/demo/seed.ts';
import { startHub } from '../src/main.ts';

const root = join(import.meta.dirname, '..');
const run = promisify(execFile);
let data: string;
let settings: Record<string, string>;

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'hub-demo-test-'));
  const cache = join(root, 'node_modules/.cache/warm-handoff');
  settings = { HUB_DATA: data, HUB_CACHE: cache, HUB_PORT: '0', HUB_ENV: 'test', HUB_LOG: 'error' };
});
afterAll(() => rm(data, { recursive: true, force: true }));

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** `hub demo`, as `npm run demo` starts it. */
const demo = (...args: string[]): Promise<Ended> =>
  run(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', 'demo', ...args], {
    cwd: root,
    env: { ...process.env, ...settings },
  }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: Ended) => error,
  );

it('plays the whole loop on a hub of its own, in plain lines, and leaves nothing behind', {
  timeout: 60_000,
}, async () => {
  const { code, stdout, stderr } = await demo();
  expect(stderr).toBe('');
  expect(code).toBe(0);
  const told = stdout.split('\n').map(line => line.replace(/^.*?[●○] /, '').replace(/ {2,}/g, ' '));
  const inOrder = [
    /^General Hospital registered Rowan Ellery as Patient\//,
    /^General Hospital asked the hub to find case management: Task\//,
    /^(Northside|Southside) CMHC finds itself asked/,
    /^General Hospital sees accepted \(3\.0\): (Northside|Southside) CMHC was asked/,
    /CMHC declined: No intake visit free/,
    /^General Hospital sees accepted \(3\.0\): \w+ CMHC declined/,
    /CMHC finds itself asked/,
    /CMHC accepted$/,
    /^General Hospital sees in-progress \(3\.0\): \w+ CMHC accepted/,
    /planned EpisodeOfCare\/.*CareTeam\/.*draft CarePlan\//,
    /^General Hospital sees itself in the care team/,
    /^General Hospital sees in-progress \(5\.1\.1\)/,
    /^General Hospital sees in-progress \(5\.1\.2\)/,
    /^General Hospital sees in-progress \(5\.1\.1\)/,
    /^General Hospital sees in-progress \(5\.1\.4\)/,
    /CMHC asked Harbor Shelter directly/,
    /^Harbor Shelter reads the name, Rowan Ellery, and no diagnosis/,
    /^Harbor Shelter completed/,
    /^General Hospital sees completed \(7\.0\)/,
    /^General Hospital sees the outcome, Procedure\//,
    /^General Hospital closed its request/,
    /^County Hospital has no part in it/,
    /^The loop is closed: \d+ steps of 5 parties/,
  ];
  let from = 0;
  for (const expected of inOrder) {
    const at = told.findIndex((line, index) => index >= from && expected.test(line));
    expect(at, `${expected} in\n${stdout}`).toBeGreaterThanOrEqual(from);
    from = at + 1;
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no escape sequence in a pipe is what is meant
  expect(stdout).not.toMatch(/\u001b/);
});

it('plays it twice on a hub that runs, and fails where there is none', { timeout: 60_000 }, async () => {
  const config = readConfig(settings);
  const { hub, url, stop } = await startHub(config, { prepare: one => seedDemo(one, config) });
  const open: OpenHub = async () => ({ ...hub, close: async () => undefined });
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  const play = (at: string) => runCommand(demoCommand, ['--url', at], { out: say, err: say }, open);
  try {
    expect(await play(url), lines.join('\n')).toBe(0);
    expect(await play(`${url}/`), lines.join('\n')).toBe(0);
    expect(await play('http://127.0.0.1:1')).toBe(1);
    expect(lines.at(-1)).toMatch(/hub demo: after 0 steps: /);
  } finally {
    await stop();
  }
});
