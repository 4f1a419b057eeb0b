import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { sqlite } from './capabilities.ts';
import { compile } from './database.ts';
import { limitTo } from './limit.ts';

it('takes no more than it is told', () => {
  const db = new DatabaseSync(':memory:');
  const { sql, parameters } = compile(sqlite, limitTo(2));
  const rows = db.prepare(`SELECT value FROM json_each('[1,2,3]')${sql}`).all(...(parameters as number[]));
  expect(rows.map(row => row.value)).toEqual([1, 2]);
  db.close();
});

it('is how every search is limited', async () => {
  const bare: string[] = [];
  for await (const file of glob('**/*.ts', { cwd: join(import.meta.dirname, 'search') }))
    if (/\bLIMIT \$\{/.test(readFileSync(join(import.meta.dirname, 'search', file), 'utf8'))) bare.push(file);
  expect(bare).toEqual([]);
});
