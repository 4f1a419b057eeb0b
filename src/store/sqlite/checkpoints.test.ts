import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Checkpoints } from './checkpoints.ts';
import { connect } from './connection.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hub-checkpoints-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('has the log copied into the file while the writer is open, but not for each commit', async () => {
  const file = join(folder, 'a.db');
  const writer = connect(file);
  writer.exec('CREATE TABLE a(text TEXT)');
  const checkpoints = new Checkpoints(file);
  const size = () => statSync(file).size;
  const before = size();
  writer.prepare('INSERT INTO a VALUES (?)').run('x'.repeat(100_000));
  checkpoints.committed(1999);
  await setTimeout(100);
  expect(size()).toBe(before);
  checkpoints.committed(1);
  await vi.waitFor(() => expect(size()).toBeGreaterThan(before + 100_000), 5000);
  await checkpoints.close();
  writer.close();
});
