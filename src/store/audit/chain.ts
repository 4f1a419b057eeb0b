import { hash } from 'node:crypto';
import type { AuditHead, AuditRow } from './types.ts';

/** Before the first event. */
export const start: AuditHead = { rows: 0, seq: 0, hash: '' };

/** Characters of a hash. */
export const hashLength = 43;

/**
 * The hash of an event in its chain: SHA-256, in base64url, over the hash before and all columns. The event is
 * JSON and comes last, so that no other columns give the same lines.
 */
export function link(previous: string, { seq, at, kind, outcome, org, keys, event }: AuditRow): string {
  const columns = `${seq}\n${at}\n${kind}\n${outcome}\n${JSON.stringify([org, keys])}\n${event}`;
  return hash('sha256', `${previous}\n${columns}`, 'base64url');
}

/** Events that are sealed together: the hash of each, what finds them, and the head after them. */
export interface Block {
  head: AuditHead;
  hashes: string;
  /** The earliest and the latest time of its events. */
  earliest: number;
  latest: number;
  /** For each key the numbers of its events, ascending, as JSON. */
  index: { key: string; seqs: string }[];
}

export function sealBlock(before: AuditHead, rows: readonly [AuditRow, ...AuditRow[]]): Block {
  const hashes: string[] = [];
  const found = new Map<string, number[]>();
  let head = before;
  let [{ at: earliest, at: latest }] = rows;
  for (const row of rows) {
    const { seq, at } = row;
    head = { rows: head.rows + 1, seq, hash: link(head.hash, row) };
    hashes.push(head.hash);
    earliest = Math.min(earliest, at);
    latest = Math.max(latest, at);
    for (const key of new Set(keysOf(row))) {
      const seqs = found.get(key);
      if (seqs) seqs.push(seq);
      else found.set(key, [seq]);
    }
  }
  const index = [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, seqs]) => ({ key, seqs: JSON.stringify(seqs) }));
  return { head, hashes: hashes.join(''), earliest, latest, index };
}

const keysOf = ({ kind, keys }: AuditRow): string[] => [kindKey(kind), ...(keys ? keys.split('\n') : [])];

export const kindKey = (kind: string): string => `k:${kind}`;
