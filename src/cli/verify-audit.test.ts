import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { onSqlite } from '../../test/harness/databases.ts';
import { fromRow } from '../audit/entry.ts';
import { tamper } from '../store/audit/audit.harness.ts';
import type { StoreOptions } from '../store/options.ts';
import { openConsole, runWithoutHub, type TestConsole } from './command.harness.ts';
import { org } from './org.ts';
import { verifyAudit } from './verify-audit.ts';

onSqlite('hub verify-audit', database => {
  let cli: TestConsole;
  let options: StoreOptions;

  beforeAll(async () => {
    const { url } = await database.options();
    cli = await openConsole(url);
    options = url === undefined ? { file: join(cli.data, 'audit.sqlite') } : { url };
    await cli.run(org, 'add', '--name', 'General Hospital', '--type', 'hospital');
    await cli.hub.sealer.seal();
  });
  afterAll(() => cli.close());

  const head = async () => {
    const { rows, seq, hash } = await cli.hub.auditStore.head();
    return `${rows}:${seq}:${hash}`;
  };

  it('says that the audit is whole, and where it ends', async () => {
    const known = await head();
    const { code, out, err } = await cli.run(verifyAudit, '--known', known);
    expect({ code, err }).toEqual({ code: 0, err: [] });
    expect(out).toEqual([`The audit is whole: ${known.split(':')[0]} events.`, `head ${known}`]);
  });

  it('records that commands were started, without the values they were given', async () => {
    const rows = await cli.hub.auditStore.search({ keys: [], kinds: ['command'], limit: 10 });
    const started = rows.map(row => fromRow(row).interaction);
    expect(started).toEqual(
      expect.arrayContaining(['hub org add --name --type', 'hub verify-audit --known']),
    );
  });

  it('finds a head that the chain does not lead through', async () => {
    const [rows, seq] = (await head()).split(':');
    const { code, out } = await cli.run(verifyAudit, '--known', `${rows}:${seq}:${'x'.repeat(43)}`);
    expect([code, out[0]]).toEqual([1, expect.stringContaining('another one')]);
  });

  it('ends with 1 at the first break, and says how much is good', async () => {
    await tamper(options, `UPDATE audit SET batch = replace(batch, '"at":', '"at": ') WHERE seq = 101`);
    const { code, out } = await cli.run(verifyAudit);
    expect(code).toBe(1);
    expect(out).toEqual([
      expect.stringMatching(/^The audit is broken at event 101: /),
      '2 events before it are good.',
    ]);
    const { out: json } = await cli.run(verifyAudit, '--json');
    expect(JSON.parse(json[0] ?? '')).toMatchObject({ good: 2, broken: { seq: 101 } });
  });

  it('says what a head looks like', async () => {
    const { code, err } = await runWithoutHub(verifyAudit, '--known', 'nonsense');
    expect([code, err[0]]).toEqual([2, expect.stringContaining('ROWS:NUMBER:HASH')]);
  });
});
