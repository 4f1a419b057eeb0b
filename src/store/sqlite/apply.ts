import { clearanceColumns, storedClearance } from '../clearance.ts';
import { indexColumns, indexTables } from '../index-tables.ts';
import type {
  ClearanceRow,
  CommitList,
  Expectation,
  IndexRows,
  Links,
  Rid,
  VersionWrite,
  Words,
} from '../types.ts';
import { bindable, type Statements } from './connection.ts';
import { firstFailure } from './expectations.ts';

export type Applied = { ok: true; seqs: number[] } | { ok: false; failed: Expectation };

/** Applies one list inside the open transaction; when it is not `ok` the caller rolls back to its savepoint. */
export function apply(statements: Statements, list: CommitList): Applied {
  const failed = firstFailure(statements, list.expect);
  return failed ? { ok: false, failed } : applyWrites(statements, list);
}

/** What the list writes, its expectations being met. */
export function applyWrites(statements: Statements, list: CommitList): Applied {
  const seqs: number[] = [];
  for (const write of list.writes) {
    const seq = writeVersion(statements, write);
    if (seq === undefined) {
      return { ok: false, failed: { kind: 'version', rid: write.rid, ver: write.ver - 1 } };
    }
    seqs.push(seq);
    writeRows(statements, write, seq);
  }
  for (const { rid, rows, words } of list.reindex ?? []) {
    for (const table of indexTables) {
      run(statements, `DELETE FROM ${table} WHERE rid = ?`, [rid]);
    }
    eachIndexRow(rows, rid, (table, row) => run(statements, insertions[table], row));
    replaceWords(statements, rid, words);
  }
  for (const links of list.links) {
    replaceLinks(statements, links);
  }
  if (list.cursor) {
    const { name, to } = list.cursor;
    run(statements, 'INSERT OR REPLACE INTO cursor(name, xid, seq) VALUES (?, ?, ?)', [name, to.xid, to.seq]);
  }
  return { ok: true, seqs };
}

/** The new version and the current row; `undefined` when the resource is not at the version before. */
function writeVersion(statements: Statements, write: VersionWrite): number | undefined {
  const { rid, type, id, ver, at, op, actor, org, purpose, body } = write;
  const current = statements.prepare('SELECT ver FROM resource WHERE rid = ?').get(rid);
  if ((current?.ver ?? 0) !== ver - 1) {
    return undefined;
  }
  const { lastInsertRowid } = statements
    .prepareRun(
      `INSERT INTO version(rid, type, ver, at, op, actor, org, purpose, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(rid, type, ver, at, op, actor, org, purpose, body);
  const seq = Number(lastInsertRowid);
  const row = [
    ver,
    seq,
    at,
    write.source,
    write.origin ?? null,
    write.patient,
    write.label,
    Number(write.open),
    Number(op === 'delete'),
  ];
  const changed = current
    ? run(
        statements,
        `UPDATE resource SET ver = ?, seq = ?, updated = ?, source = ?, origin = ?, patient = ?, label = ?, open = ?, deleted = ?
          WHERE rid = ?`,
        [...row, rid],
      )
    : run(
        statements,
        `INSERT INTO resource(ver, seq, updated, source, origin, patient, label, open, deleted, rid, type, id)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (type, id) DO NOTHING`,
        [...row, rid, type, id],
      );
  return changed === 0 ? undefined : seq;
}

function writeRows(statements: Statements, write: VersionWrite, seq: number): void {
  const { rid, ver, type, op, quiet } = write;
  if (ver > 1) {
    eachIndexRow(write.remove, rid, (table, row) => run(statements, deletions[table], row));
    run(statements, 'DELETE FROM work WHERE rid = ?', [rid]);
  }
  eachIndexRow(write.add, rid, (table, row) => run(statements, insertions[table], row));
  if (write.words !== undefined) {
    replaceWords(statements, rid, write.words);
  }
  for (const { owner, status, due } of write.work) {
    run(statements, 'INSERT OR IGNORE INTO work(owner, status, due, rid) VALUES (?, ?, ?, ?)', [
      owner,
      status,
      due,
      rid,
    ]);
  }
  run(statements, 'INSERT INTO feed(seq, rid, ver, type, op, quiet) VALUES (?, ?, ?, ?, ?, ?)', [
    seq,
    rid,
    ver,
    type,
    op,
    quiet ? 1 : 0,
  ]);
}

function replaceWords(statements: Statements, rid: Rid, words: Words | null): void {
  run(statements, 'DELETE FROM fulltext WHERE rowid = ?', [rid]);
  if (words) {
    const { narrative, content } = words;
    run(statements, 'INSERT INTO fulltext(rowid, narrative, content) VALUES (?, ?, ?)', [
      rid,
      narrative,
      content,
    ]);
  }
}

function replaceLinks(statements: Statements, { via, relations, parties, clearances }: Links): void {
  run(statements, 'DELETE FROM rel WHERE via = ?', [via]);
  run(statements, 'DELETE FROM party WHERE via = ?', [via]);
  const rows = 'via, labels, starts, ends) VALUES (?, ?, ?, ?, ?, ?)';
  for (const { patient, org, labels, starts, ends, opens } of relations) {
    const text = 'INSERT OR IGNORE INTO rel(patient, org, via, labels, starts, ends, opens)';
    const row = [patient, org, via, labels, starts, ends, opens === false ? 0 : 1];
    run(statements, `${text} VALUES (?, ?, ?, ?, ?, ?, ?)`, row);
  }
  for (const { org, rid, labels, starts, ends } of parties) {
    run(statements, `INSERT OR IGNORE INTO party(org, rid, ${rows}`, [org, rid, via, labels, starts, ends]);
  }
  if (clearances) {
    replaceClearances(statements, via, clearances);
  }
}

function replaceClearances(statements: Statements, via: Rid, clearances: readonly ClearanceRow[]): void {
  run(statements, 'DELETE FROM clearance WHERE via = ?', [via]);
  for (const row of clearances) {
    const stored = storedClearance(row, via);
    const values = clearanceColumns.map(([name]) => stored[name]);
    run(statements, clearanceInsertion, values);
  }
}

const clearanceInsertion = `INSERT OR IGNORE INTO clearance(${clearanceColumns.map(([name]) => name).join(', ')})
  VALUES (${clearanceColumns.map(() => '?').join(', ')})`;

const insertions = statementsFor(
  (table, columns) =>
    `INSERT OR IGNORE INTO ${table}(${columns.join(', ')}, rid) VALUES (${columns.map(() => '?').join(', ')}, ?)`,
);
const deletions = statementsFor(
  (table, columns) =>
    `DELETE FROM ${table} WHERE ${columns.map(column => `${column} = ?`).join(' AND ')} AND rid = ?`,
);

function statementsFor(
  write: (table: string, columns: readonly string[]) => string,
): Record<keyof IndexRows, string> {
  const entries = indexTables.map(table => [table, write(table, indexColumns[table])]);
  return Object.fromEntries(entries) as Record<keyof IndexRows, string>;
}

function eachIndexRow(
  rows: IndexRows,
  rid: Rid,
  use: (table: keyof IndexRows, row: unknown[]) => void,
): void {
  for (const table of indexTables) {
    for (const row of rows[table]) {
      use(table, [...row, rid]);
    }
  }
}

/** Runs one statement; the number of rows it changed. */
function run(statements: Statements, sql: string, parameters: readonly unknown[]): number {
  return Number(statements.prepareRun(sql).run(...bindable(parameters)).changes);
}
