import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs/security.md'), 'utf8');
const threats = page.split('\n').filter(line => /^\| \*\*[STRIDE]\*\*/.test(line));

it('names a test that is there for each threat, of every kind', () => {
  expect([...new Set(threats.map(line => line[4]))].sort()).toEqual([...'DEIRST']);
  for (const threat of threats) expect(threat, threat).toMatch(/`(?:src|test)\/\S+\.test\.ts`/);
});

it('names only files that are there', () => {
  const files = [...page.matchAll(/`((?:src|test)\/[^`]+)`/g)].map(match => match[1] ?? '');
  expect(files.length).toBeGreaterThan(15);
  expect(files.filter(file => !existsSync(join(root, file)))).toEqual([]);
});
