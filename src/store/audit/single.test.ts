import { hash } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { eachDatabase } from '../../../test/harness/databases.ts';
import type { StoreOptions } from '../options.ts';
import { migratePool } from '../postgres/migration.ts';
import { createPool } from '../postgres/pool.ts';
import { migrateFile } from '../sqlite/migration.ts';
import { event, meddle, numberOf, sealAll, tamper } from './audit.harness.ts';
import { openAuditStore } from './open.ts';
import { eventsSchema, sealsSchema } from './schema.ts';
import type { AuditStore } from './types.ts';
import { verify } from './verify.ts';

/** As events were stored, and hashed, when each was a row. */
interface Row {
  seq: number;
  at: number;
  kind: string;
  outcome: string;
  org: string | null;
  keys: string;
  event: string;
}

const rowOf = (seq: number): Row => ({
  seq,
  at: 1_700_000_000_000 + seq,
  kind: seq % 2 ? 'read' : 'search',
  outcome: 'success',
  org: seq % 3 ? 'clinic' : null,
  keys: `a:agent-${seq % 3}\n${seq % 3 ? 'v:clinic\n' : ''}e:Patient/patient-${seq}\np:patient-${seq}`,
  event: JSON.stringify({
    agent: { id: `agent-${seq % 3}`, ...(seq % 3 ? { organization: 'clinic' } : {}) },
    entities: [{ type: 'Patient', id: `patient-${seq}` }],
    number: seq,
    text: 'A"é\u2028\\😀\t',
  }),
});

/** Keys that hold all that JSON writes in a way of its own. */
const odd: Row = {
  ...rowOf(4),
  keys: 'a:agent-1\nv:clinic\ne:Patient/"\\é\b\f\r\t\u0001\u007f😀',
  org: 'clinic',
};

const rows = [rowOf(1), rowOf(2), rowOf(3), odd, rowOf(7), rowOf(8)];

function chain(list: readonly Row[]): string[] {
  let last = '';
  return list.map(({ seq, at, kind, outcome, org, keys, event: rest }) => {
    const columns = `${seq}\n${at}\n${kind}\n${outcome}\n${JSON.stringify([org, keys])}\n${rest}`;
    last = hash('sha256', `${last}\n${columns}`, 'base64url');
    return last;
  });
}

const text = (value: string | null): string => (value === null ? 'NULL' : `'${value.replaceAll("'", "''")}'`);

eachDatabase('an audit of rows', database => {
  const open: AuditStore[] = [];
  afterAll(() => Promise.all(open.map(one => one.close())));

  /** Four rows sealed, two not yet. */
  async function older(): Promise<StoreOptions> {
    const options = await database.options({ migrated: false });
    const first = Object.fromEntries(Object.entries(eventsSchema.migrations).slice(0, 2));
    for (const schema of [{ ...eventsSchema, migrations: first }, sealsSchema])
      await migrated(options, schema);
    for (const { seq, at, kind, outcome, org, keys, event: rest } of rows)
      await meddle(
        options,
        `INSERT INTO audit(seq, at, kind, outcome, org, keys, event)
          VALUES (${seq}, ${at}, '${kind}', '${outcome}', ${text(org)}, ${text(keys)}, ${text(rest)})`,
      );
    const hashes = chain(rows).slice(0, 4);
    await meddle(
      options,
      `INSERT INTO audit_seal(last, rows, earliest, latest, hashes)
        VALUES (4, 4, ${rowOf(1).at}, ${odd.at}, '${hashes.join('')}')`,
    );
    await meddle(options, `INSERT INTO audit_key(key, last, seqs) VALUES ('p:patient-3', 4, '[3]')`);
    await meddle(options, `INSERT INTO audit_key(key, last, seqs) VALUES ('k:read', 4, '[1,3]')`);
    await meddle(options, `UPDATE audit_head SET rows = 4, seq = 4, hash = '${hashes[3]}'`);
    return options;
  }

  async function migrated(options: StoreOptions, schema: typeof eventsSchema): Promise<void> {
    const { file, url } = options;
    if (url !== undefined) {
      const pool = createPool(url);
      await migratePool(pool, schema).finally(() => pool.end());
    } else if (file !== undefined) {
      await migrateFile(schema === sealsSchema ? file.replace(/(\.\w+)?$/, '-seals$1') : file, schema);
    }
  }

  const opened = async (options: StoreOptions): Promise<AuditStore> => {
    const store = await openAuditStore(options, 'crash');
    open.push(store);
    return store;
  };

  it('goes on in batches, with the same chain', async () => {
    const store = await opened(await older());
    expect(await verify(store)).toEqual({ good: 4, head: await store.head() });
    await sealAll(store);
    expect(await store.head()).toEqual({ rows: 6, seq: 8, hash: chain(rows).at(-1) });
    await store.append([event(100), event(101)]);
    await sealAll(store);
    expect(await verify(store)).toEqual({ good: 8, head: await store.head() });
    const found = async (query: object) =>
      (await store.search({ keys: [], limit: 100, ...query })).map(numberOf);
    expect(await found({})).toEqual([101, 100, 8, 7, 4, 3, 2, 1]);
    expect(await found({ keys: [['p:patient-3']], kinds: ['read'] })).toEqual([3]);
    expect(await found({ keys: [['p:patient-7', 'p:patient-1']] })).toEqual([101, 7]);
    expect(await found({ start: 7, org: 'clinic' })).toEqual([7, 4, 2, 1]);
    expect(await store.read(3)).toEqual({
      seq: 3,
      event: { ...JSON.parse(rowOf(3).event), at: rowOf(3).at, kind: 'read', outcome: 'success' },
    });
    const [last] = await store.search({ keys: [], limit: 1 });
    expect(last?.seq).toBe(59);
    expect([await store.read(5), await store.read(60)]).toEqual([undefined, undefined]);
  });

  it('shows a row that was changed before or after', async () => {
    const before = await older();
    await tamper(before, 'UPDATE audit SET at = at + 1 WHERE seq = 3');
    expect(await verify(await opened(before))).toMatchObject({ good: 2, broken: { seq: 3 } });
    const after = await older();
    const store = await opened(after);
    await tamper(after, `UPDATE audit SET batch = replace(batch, 'patient-2', 'patient-9') WHERE seq = 2`);
    expect(await verify(store)).toMatchObject({ good: 1, broken: { seq: 2 } });
  });
});
