import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { eachDatabase } from '../../test/harness/databases.ts';
import { asSeenBy, listOf, version } from '../../test/harness/writes.ts';
import type { StoreOptions } from './options.ts';

const clinic = asSeenBy('clinic');
const script = fileURLToPath(new URL('../../test/harness/committer.ts', import.meta.url));

function committer(options: StoreOptions, count: number) {
  const child = spawn(process.execPath, [script, JSON.stringify(options), String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { child, lines: createInterface(child.stdout), ended: once(child, 'exit') };
}

eachDatabase('several processes', database => {
  it('write beside each other', async () => {
    const options = await database.options();
    const store = await database.open(options);
    const { ended } = committer(options, 40);
    const [rid = 0] = await store.reserve(1);
    let ver = 0;
    let running = true;
    const own = async () => {
      while (running) {
        ver += 1;
        expect(await store.commit(listOf([version({ rid, ver })]))).toMatchObject({ ok: true });
      }
    };
    const writing = own();
    const [code] = await ended;
    running = false;
    await writing;
    expect(code).toBe(0);
    const rows = await store.feed.read(null, 1e6);
    const byResource = Map.groupBy(rows, row => row.rid);
    expect(byResource.get(rid)?.length).toBe(ver);
    expect([...byResource.values()].map(list => list.length).toSorted((a, b) => a - b)).toEqual(
      [40, ver].toSorted((a, b) => a - b),
    );
  });

  it('lose nothing that was acknowledged when one is killed', async () => {
    const options = await database.options();
    const { child, lines, ended } = committer(options, 0);
    let acknowledged = 0;
    let rid = 0;
    for await (const line of lines) {
      [rid = 0, acknowledged = 0] = line.split(' ').map(Number);
      if (acknowledged === 60) {
        child.kill('SIGKILL');
      }
    }
    await ended;
    expect(acknowledged).toBeGreaterThanOrEqual(60);
    const store = await database.open(options);
    const key = { type: 'Task', id: `id-${rid}` };
    const current = (await store.read(key, clinic))?.ver ?? 0;
    // The last commit may have been acknowledged to nobody.
    expect(current - acknowledged).toBeOneOf([0, 1]);
    const whole = { history: (await store.history({ ...key, count: 1e6 }, clinic)).length };
    expect(whole).toEqual({ history: current });
    const tok = await database.reader(options).all(sql`SELECT code FROM tok WHERE rid = ${rid}`);
    expect(tok).toHaveLength(current);
    await expect.poll(async () => (await store.feed.read(null, 1e6)).length).toBe(current);
  });
});
