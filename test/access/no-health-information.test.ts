import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';

/** Every value that says something of a person carries this word; so do the searches for it. */
const mark = 'Zyxmark';

interface Told {
  log: string;
  errors: string[];
  requests: number;
}

let data: string;
let told: Told;

/** The hub runs in a process of its own with all that it logs, and is asked right and wrong. */
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'hub-marks-'));
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', join(import.meta.dirname, 'marked-requests.ts'), data, mark],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const [out, log] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const lines = out.split('\n');
  const last = lines.findIndex(line => line.startsWith('RESULT '));
  if (last < 0) throw new Error(`no result: ${out.slice(-2000)} ${log.slice(-2000)}`);
  const result = JSON.parse((lines[last] ?? '').slice('RESULT '.length)) as Omit<Told, 'log'>;
  told = { ...result, log: log + lines.filter((_, at) => at !== last).join('\n') };
});
afterAll(() => rm(data, { recursive: true, force: true }));

it('is in no log line, whatever is asked', () => {
  expect(told.requests).toBeGreaterThan(20);
  expect(told.log).toContain('"level"');
  expect(told.log).not.toMatch(new RegExp(mark, 'i'));
});

it('is in no answer that refuses', () => {
  expect(told.errors.length).toBeGreaterThan(10);
  expect(told.errors.filter(one => new RegExp(mark, 'i').test(one))).toEqual([]);
});
