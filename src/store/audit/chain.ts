import { hash } from 'node:crypto';
import type { AuditHead, AuditRow } from './types.ts';

/** Before the first event. */
export const start: AuditHead = { rows: 0, seq: 0, hash: '' };

/**
 * The hash of an event in its chain: SHA-256, in base64url, over the hash before and every column, a line each.
 * The event is JSON and comes last, so that no other text gives the same lines.
 */
export function link(previous: string, { seq, at, kind, outcome, org, event }: AuditRow): string {
  return hash(
    'sha256',
    `${previous}\n${seq}\n${at}\n${kind}\n${outcome}\n${JSON.stringify(org)}\n${event}`,
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
