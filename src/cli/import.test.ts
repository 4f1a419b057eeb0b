import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { onSqlite } from '../../test/harness/databases.ts';
import { startTestHub, type TestHub } from '../../test/harness/hub.ts';
import { condition, ndjson, patient, writeFiles } from '../exchange/import/import.harness.ts';
import { runWithoutHub } from './command.harness.ts';
import { runCommand } from './command.ts';
import { importing } from './import.ts';

const main = join(import.meta.dirname, 'main.ts');

interface Ran {
  code: number | null;
  out: string;
  err: string;
}

onSqlite('hub import while a hub runs', database => {
  let test: TestHub;
  const folders: string[] = [];
  beforeAll(async () => {
    test = await startTestHub(database);
    await test.party('ehr', { loads: true });
  });
  afterAll(async () => {
    await test.stop();
    for (const folder of folders) await rm(folder, { recursive: true });
  });

  const files = async (content: Record<string, unknown>): Promise<string> => {
    const folder = await writeFiles(content);
    folders.push(folder);
    return folder;
  };

  /** Starts `hub import` as a process of its own on the database of the running hub. */
  const start = (...args: string[]): ChildProcess => {
    const { data, cache, databaseUrl } = test.config;
    const env = {
      HUB_DATA: data,
      HUB_CACHE: cache,
      ...(databaseUrl ? { HUB_DATABASE_URL: databaseUrl } : {}),
    };
    return spawn(
      process.execPath,
      ['--import', import.meta.resolve('../load-tsx.mjs'), main, 'import', ...args],
      {
        env: { PATH: process.env.PATH, HUB_ENV: 'test', ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
  };

  /** Runs it in this process, on the hub that runs. */
  const run = async (...args: string[]): Promise<Ran> => {
    const ran: Ran = { code: null, out: '', err: '' };
    const io = {
      out: (line: string) => {
        ran.out += `${line}\n`;
      },
      err: (line: string) => {
        ran.err += `${line}\n`;
      },
    };
    ran.code = await runCommand(importing, args, io, async () => ({
      ...test.hub,
      close: async () => undefined,
    }));
    return ran;
  };

  const ended = async (child: ChildProcess): Promise<Ran> => {
    const ran: Ran = { code: null, out: '', err: '' };
    child.stdout?.on('data', text => {
      ran.out += text;
    });
    child.stderr?.on('data', text => {
      ran.err += text;
    });
    [ran.code] = await once(child, 'close');
    return ran;
  };

  it('goes on where it was killed, and writes nothing twice', async () => {
    const many = 600;
    const people = Array.from({ length: many }, (_, n) => patient(`k-${n}`));
    const conditions = people.map(({ id }) => condition(`k-c${id}`, `Patient/${id}`));
    const folder = await files({
      'data.ndjson': ndjson(...conditions.slice(0, 50), ...people, ...conditions.slice(50)),
    });
    const { store } = test.hub;
    const before = (await store.feed.head())?.seq ?? 0;
    const child = start(folder, '--client', 'ehr');
    const gone = ended(child);
    const checkpoint = async () => (await store.records.list('import', 0))[0];
    while (child.exitCode === null && !(await checkpoint())) await setTimeout(5);
    child.kill('SIGKILL');
    const killed = await gone;
    expect(killed).toMatchObject({ code: null, out: '' });

    const { code, out } = await ended(start(folder, '--client', 'ehr'));
    expect(out).toMatch(/data\.ndjson: 1,200 entries \(continued from line \d+\): /);
    expect(out).toMatch(/^all +[\d,]+ +0 +[\d,]+ +0 +0$/m);
    expect(code).toBe(0);
    const filter = { organization: 'hub', now: 0, types: '*', internal: true } as const;
    const versions = await store.history({ count: 10_000 }, filter);
    const imported = versions.filter(version => version.seq > before && version.id.startsWith('k-'));
    expect(imported).toHaveLength(2 * many);
    expect(imported.every(version => version.ver === 1)).toBe(true);

    const third = await run(folder, '--client', 'ehr');
    expect(third.out).toMatch(/data\.ndjson: imported before, on .*1,200 entries.*passed over/);
    expect(third.code).toBe(0);
  });

  it('reports what is refused and why, to people and to programs', async () => {
    const folder = await files({
      'notes.txt': 'not to be imported',
      'data.ndjson': ndjson(
        patient('r-1'),
        patient('r-2', { gender: 'bogus' }),
        condition('r-3', 'Patient/r-1'),
      ),
    });
    const report = join(folder, 'report.jsonl');
    const { code, out, err } = await run(folder, '--client', 'ehr', '--report', report);
    expect(code).toBe(1);
    expect(err).toContain('notes.txt');
    expect(out).toMatch(/^refused: .*data\.ndjson, line 2, Patient\/r-2\n {4}Patient\.gender /m);
    expect(out).toMatch(/^all +2 +0 +0 +0 +1$/m);
    const lines = (await readFile(report, 'utf8'))
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
    expect(lines.map(line => line.kind)).toEqual(['refused', 'file', 'total']);
    expect(lines[0]).toMatchObject({
      place: 'line 2',
      resource: 'Patient/r-2',
      outcome: { resourceType: 'OperationOutcome', issue: [{ expression: ['Patient.gender'] }] },
    });
    expect(lines[1]).toMatchObject({
      entries: 3,
      types: { Patient: { created: 1, refused: 1 }, Condition: { created: 1 } },
    });
    expect(lines[2]).toMatchObject({ entries: 3, all: { created: 2, refused: 1 } });
  });

  it('loads for nobody it does not know, and not for who is suspended', async () => {
    const folder = await files({ 'a.json': patient('x') });
    expect(await run(folder, '--client', 'nobody')).toMatchObject({
      code: 1,
      err: expect.stringContaining('nobody'),
    });
    await test.party('gone', { loads: true });
    await test.hub.authorization.clients.suspend('gone');
    expect(await run(folder, '--client', 'gone')).toMatchObject({
      code: 1,
      err: expect.stringContaining('suspended'),
    });
  });
});

it('says what is wrong with the command line', async () => {
  const folder = await writeFiles({ 'notes.txt': 'not to be imported' });
  const cases: [string[], number, RegExp][] = [
    [[folder], 2, /--client is missing/],
    [['--client', 'ehr'], 2, /Name a file or folder/],
    [[folder, '--client', 'ehr'], 1, /nothing to import/],
    [[join(folder, 'notes.txt'), '--client', 'ehr'], 1, /must end in \.json/],
    [[join(folder, 'absent'), '--client', 'ehr'], 1, /absent is not there/],
  ];
  for (const [args, code, said] of cases) {
    const ran = await runWithoutHub(importing, ...args);
    expect(ran.err.join('\n')).toMatch(said);
    expect(ran.code).toBe(code);
  }
  await rm(folder, { recursive: true });
});
