import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sql } from '../sql.ts';
import { connect } from './connection.ts';
import { SqliteReader } from './reader.ts';

let folder: string;
let writer: DatabaseSync;
let reader: SqliteReader;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-reader-'));
  writer = connect(join(folder, 'a.db'));
  writer.exec('CREATE TABLE t(n INTEGER)');
  reader = new SqliteReader(join(folder, 'a.db'), { snapshots: true });
});
afterEach(async () => {
  reader.close();
  writer.close();
  await rm(folder, { recursive: true });
});

const count = async () => (await reader.all<{ n: number }>(sql`SELECT count(*) AS n FROM t`))[0]?.n;
const insert = () => writer.exec('INSERT INTO t VALUES (1)');

it('reads one snapshot in a turn of the event loop, and the newest in the next', async () => {
  expect(await count()).toBe(0);
  insert();
  expect(await count()).toBe(0);
  await setImmediate();
  expect(await count()).toBe(1);
});

it('reads the newest at any time where snapshots are not wanted', async () => {
  const plain = new SqliteReader(join(folder, 'a.db'));
  await plain.all(sql`SELECT count(*) AS n FROM t`);
  insert();
  expect(await plain.all(sql`SELECT count(*) AS n FROM t`)).toEqual([{ n: 1 }]);
  plain.close();
});

it('sees what is committed as soon as it is told to', async () => {
  expect(await count()).toBe(0);
  insert();
  reader.refresh();
  expect(await count()).toBe(1);
  reader.refresh();
  reader.refresh();
  insert();
  reader.reopen();
  expect(await count()).toBe(2);
});

it('goes on after a query that fails', async () => {
  await expect(reader.all(sql`SELECT * FROM nothing`)).rejects.toThrow();
  expect(await count()).toBe(0);
  insert();
  await setImmediate();
  expect(await count()).toBe(1);
});

it('holds no snapshot once it is closed', async () => {
  await count();
  reader.close();
  await setImmediate();
  expect(writer.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()).toMatchObject({ busy: 0 });
  reader = new SqliteReader(join(folder, 'a.db'), { snapshots: true });
});

it('tells by its state whether anything has changed', async () => {
  const before = reader.state();
  insert();
  expect(reader.state()).toBe(before);
  await setImmediate();
  const after = reader.state();
  expect(after).not.toBe(before);
  await setImmediate();
  expect(reader.state()).toBe(after);
  reader.reopen();
  expect([before, after]).not.toContain(reader.state());
});
