import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import type { StoreOptions } from '../options.ts';
import { keysOf } from './keys.ts';
import type { AuditRow, AuditStore, FoundBy, NewAuditEvent } from './types.ts';

/** An event that is found by its agent and a patient. */
export function event(number: number, more: Partial<FoundBy> = {}): NewAuditEvent {
  const found: FoundBy & { number: number; text: string } = {
    at: 1_700_000_000_000 + number,
    kind: 'read',
    outcome: 'success',
    agent: { id: `agent-${number % 3}`, organization: 'clinic' },
    entities: [{ type: 'Patient', id: `patient-${number % 10}` }],
    number,
    text: 'Aé\u2028😀',
    ...more,
  };
  return eventOf(found);
}

/** All of it its own, but for its kind. */
export function eventOf<Event extends FoundBy>({ kind, ...own }: Event): NewAuditEvent {
  const keys = keysOf({ kind, ...own }).join('\n');
  return { at: own.at, json: JSON.stringify(own), parts: [{ json: JSON.stringify({ kind }), keys }] };
}

interface Filling {
  /** Events that are appended at once; up to `batchSize` of them are one batch. */
  size?: number;
  /** Batches that are sealed at once. */
  block?: number;
}

/** Events numbered from `from`. The first of each batch has the next number of 1, 51, 101, … */
export async function fill(
  store: AuditStore,
  from: number,
  count: number,
  { size = 1000, block = 500 }: Filling = {},
): Promise<void> {
  for (let at = from; at < from + count; at += size) {
    const length = Math.min(size, from + count - at);
    await store.append(Array.from({ length }, (_, index) => event(at + index)));
  }
  await sealAll(store, block);
}

export async function sealAll(store: AuditStore, block = 500): Promise<number> {
  let total = 0;
  for (;;) {
    const sealed = await store.seal(block);
    if (sealed === 0) return total;
    total += sealed;
  }
}

export const numberOf = (row: AuditRow): number => (row.event as FoundBy & { number: number }).number;

/** What somebody with the database in hand does, who knows to switch off what stands in the way. */
export async function tamper(options: StoreOptions, ...statements: string[]): Promise<void> {
  if (options.file === undefined)
    return run(options, 'SET session_replication_role = replica', ...statements);
  const tables = ['audit', 'audit_seal', 'audit_key'];
  const drop = tables.flatMap(table =>
    ['update', 'delete'].map(one => `DROP TRIGGER IF EXISTS ${table}_no_${one}`),
  );
  await run(options, ...drop, ...statements);
}

/** The same without that knowledge. */
export const meddle = (options: StoreOptions, statement: string): Promise<void> => run(options, statement);

/** On SQLite the tables of both files, by their plain names. */
function open(file: string): DatabaseSync {
  const db = new DatabaseSync(file);
  db.prepare('ATTACH ? AS seals').run(file.replace(/(\.\w+)?$/, '-seals$1'));
  return db;
}

async function run(options: StoreOptions, ...statements: string[]): Promise<void> {
  if (options.file !== undefined) {
    const db = open(options.file);
    try {
      for (const statement of statements) db.exec(statement);
    } finally {
      db.close();
    }
    return;
  }
  const client = new pg.Client({ connectionString: options.url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
