import { chmod, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { eachDatabase } from '../../test/harness/databases.ts';
import { asSeenBy, listOf, version } from '../../test/harness/writes.ts';
import { HubError } from '../errors.ts';
import { hubSchema } from './migrate.ts';
import { openStore } from './open.ts';
import type { StoreOptions } from './options.ts';

const clinic = asSeenBy('clinic');

async function failure(work: Promise<unknown>): Promise<HubError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(HubError);
  return error as HubError;
}

it('asks for a place when none is given', async () => {
  expect((await failure(openStore({}))).kind).toBe('invalid');
});

eachDatabase('opening', database => {
  const empty = () => database.options({ migrated: false });

  it('creates the schema once, however many open at the same time', async () => {
    const options = await empty();
    const stores = await Promise.all(Array.from({ length: 5 }, () => database.open(options)));
    for (const store of stores) {
      const [rid = 0] = await store.reserve(1);
      expect(await store.commit(listOf([version({ rid })]))).toMatchObject({ ok: true });
    }
    const rows = await database.reader(options).all(sql`SELECT name FROM kysely_migration`);
    expect(rows).toEqual(Object.keys(hubSchema.migrations).map(name => ({ name })));
  });

  it('finds again what was stored', async () => {
    const options = await database.options();
    const store = await openStore(options);
    const [rid = 0] = await store.reserve(1);
    await store.params(['Task.status']);
    await store.commit(listOf([version({ rid, id: 'a' })]));
    await store.close();
    const again = await database.open(options);
    expect(await again.read({ type: 'Task', id: 'a' }, clinic)).toMatchObject({ rid, ver: 1 });
    expect(await again.params(['Task.status'])).toEqual(new Map([['Task.status', 1]]));
    const [next = 0] = await again.reserve(1);
    expect(next).toBeGreaterThan(rid);
  });

  it('refuses a database that a newer hub has migrated, and changes nothing in it', async () => {
    const options = await database.options();
    const store = await openStore(options);
    await store.close();
    await tamper(
      options,
      `INSERT INTO kysely_migration(name, timestamp) VALUES ('9999-later', '2099-01-01T00:00:00Z')`,
    );
    const error = await failure(openStore(options));
    expect(error.kind).toBe('unavailable');
    expect(error.message).toMatch(/newer hub \(9999-later\).*knows up to \d{4}-[a-z-]+\. Update the hub/);
  });

  it('says that it is closed', async () => {
    const store = await openStore(await database.options());
    await store.reserve(1);
    await store.close();
    expect((await failure(store.read({ type: 'Task', id: 'a' }, clinic))).kind).toBe('unavailable');
    expect((await failure(store.commit(listOf([version({ rid: 1 })])))).kind).toBe('unavailable');
    expect((await failure(store.ping())).kind).toBe('unavailable');
  });

  async function tamper({ file, url }: StoreOptions, statement: string): Promise<void> {
    if (file !== undefined) {
      const { DatabaseSync } = await import('node:sqlite');
      const db = new DatabaseSync(file);
      db.exec(statement);
      db.close();
      return;
    }
    const { createPool } = await import('./postgres/pool.ts');
    const pool = createPool(url ?? '');
    await pool.query(statement);
    await pool.end();
  }

  if (database.name === 'sqlite') {
    it('says why a file cannot be used', async () => {
      const { file = '' } = await database.options();
      const garbage = join(dirname(file), 'garbage.db');
      await writeFile(garbage, 'no database '.repeat(100));
      expect((await failure(openStore({ file: garbage }))).message).toMatch(/not a database/);
      const nowhere = await failure(openStore({ file: join(dirname(file), 'no', 'folder', 'hub.db') }));
      expect([nowhere.kind, nowhere.message]).toEqual([
        'unavailable',
        expect.stringMatching(/cannot be opened/),
      ]);
    });

    it('survives the loss of its writer', async () => {
      const options = await database.options();
      const store = await database.open(options);
      const folder = dirname(options.file ?? '');
      const closed = await openStore(options);
      await closed.close();
      await rm(folder, { recursive: true });
      expect((await failure(store.reserve(1))).kind).toBe('unavailable');
      await writeFile(folder, 'in the way');
      await chmod(folder, 0o644);
      expect((await failure(store.reserve(1))).kind).toBe('unavailable');
      await rm(folder);
    });

    it('is durable: the WAL, synced with each commit', async () => {
      const options = await database.options();
      await database.open(options);
      expect(await database.reader(options).all(sql`PRAGMA journal_mode`)).toEqual([{ journal_mode: 'wal' }]);
      const { connect } = await import('./sqlite/connection.ts');
      const db = connect(options.file ?? '');
      expect(db.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
      db.close();
    });
  } else {
    it('says that the database is gone, and no more than that', async () => {
      const { url = '' } = await database.options();
      const { port } = new URL(url);
      const wrong = [
        'postgres://hub:secret@127.0.0.1:1/hub',
        `postgres://hub:secret@127.0.0.1:${port}/postgres`,
        `${url}_none`,
      ];
      for (const elsewhere of wrong) {
        const error = await failure(openStore({ url: elsewhere }));
        expect(error.kind).toBe('unavailable');
        expect(error.message).toMatch(/^The database does not answer \(\w+\)/);
        expect(JSON.stringify(error.issues)).not.toMatch(/secret|127\.0\.0\.1/);
      }
    });

    it('answers again after its connections were cut', async () => {
      const options = await database.options();
      const store = await database.open(options);
      await store.ping();
      await tamper(
        options,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      );
      await expect
        .poll(() =>
          store.ping().then(
            () => 'answers',
            () => 'lost',
          ),
        )
        .toBe('answers');
      expect(await store.reserve(1)).toHaveLength(1);
    });

    it('has the statistics the planner needs', async () => {
      const options = await database.options();
      const store = await database.open(options);
      await store.analyze();
      const rows = await database
        .reader(options)
        .all(sql`SELECT stxname AS name, stxstattarget AS target FROM pg_statistic_ext ORDER BY 1`);
      expect(rows).toEqual([
        { name: 'ref_param_target', target: 1000 },
        { name: 'tok_param_code', target: 1000 },
      ]);
    });
  }
});
