import { hash } from 'node:crypto';
import type { AuditHead, AuditRow } from './types.ts';

/** Before the first event. */
export const start: AuditHead = { rows: 0, seq: 0, hash: '' };

/**
 * The hash of an event in its chain: SHA-256, in base64url, over the hash before and all columns.
 * The event is JSON and comes last, so that no other text gives the same lines.
 */
export function link(previous: string, { seq, at, kind, outcome, org, keys, event }: AuditRow): string {
  return hash(
    'sha256',
    `${previous}\n${seq}\n${at}\n${kind}\n${outcome}\n${JSON.stringify([org, keys])}\n${event}`,
    'base64url',
  );
}

/** The hashes of further events, and the head after them. */
export function extend(head: AuditHead, rows: readonly AuditRow[]): { hashes: string[]; head: AuditHead } {
  const hashes: string[] = [];
  let previous = head.hash;
  for (const row of rows) {
    previous = link(previous, row);
    hashes.push(previous);
  }
  const seq = rows.at(-1)?.seq ?? head.seq;
  return { hashes, head: { rows: head.rows + rows.length, seq, hash: previous } };
}

/** The rows of the index for events: each event under `everything`, its kind and its keys, in the order of the index. */
export function indexRows(rows: readonly AuditRow[]): { key: string; at: number; seq: number }[] {
  const found = rows.flatMap(({ at, seq, kind, keys }) =>
    [everything, kindKey(kind), ...(keys ? new Set(keys.split('\n')) : [])].map(key => ({ key, at, seq })),
  );
  return found.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.at - b.at || a.seq - b.seq));
}

export const everything = '*';
export const kindKey = (kind: string): string => `k:${kind}`;
