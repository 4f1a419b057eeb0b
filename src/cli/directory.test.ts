import { expect, it } from 'vitest';
import { runWithoutHub } from './command.harness.ts';
import { directory } from './directory.ts';

it.each([
  [[], 'is not one of'],
  [['import', 'x'], '--source is missing'],
  [['import', '--source', 'a'], 'Name one file'],
  [['import', 'x', 'y', '--source', 'a'], 'Name one file'],
  [['report', 'x', '--source', 'a'], 'report takes no file'],
])('hub directory does not guess what %j means', async (args, words) => {
  const { code, err } = await runWithoutHub(directory, ...args);
  expect(code).toBe(2);
  expect(err.join()).toContain(words);
});
