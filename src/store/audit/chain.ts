import { hash } from 'node:crypto';
import { headOf } from './batch.ts';
import type { AuditHead, StoredBatch } from './types.ts';

/** Before the first event. */
export const start: AuditHead = { rows: 0, seq: 0, hash: '' };

/** Characters of a hash. */
export const hashLength = 43;

/** The hash of a batch in its chain: SHA-256, in base64url, over the hash before, the batch's number and its text. */
export const link = (previous: string, { seq, batch }: StoredBatch): string =>
  hash('sha256', `${previous}\n${seq}\n${batch}`, 'base64url');

/** Batches that are sealed together: the hash of each, what finds them, and the head after them. */
export interface Block {
  head: AuditHead;
  hashes: string;
  /** The earliest and the latest time of its events. */
  earliest: number;
  latest: number;
  /** For each key of its events the numbers of the batches they are in, ascending, as JSON. */
  index: { key: string; seqs: string }[];
}

export function sealBlock(before: AuditHead, batches: readonly StoredBatch[]): Block {
  const found = new Map<string, number[]>();
  let { rows, hash } = before;
  let hashes = '';
  let [earliest, latest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const batch of batches) {
    const head = headOf(batch.batch);
    rows += head.count;
    hash = link(hash, batch);
    hashes += hash;
    earliest = Math.min(earliest, head.earliest);
    latest = Math.max(latest, head.latest);
    for (const key of head.keys) note(found, key, batch.seq);
  }
  const index = [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, seqs]) => ({ key, seqs: JSON.stringify(seqs) }));
  return { head: { rows, seq: batches.at(-1)?.seq ?? before.seq, hash }, hashes, earliest, latest, index };
}

/** Once for each batch, whose keys may come more than once. */
function note(found: Map<string, number[]>, key: string, seq: number): void {
  const seqs = found.get(key);
  if (!seqs) found.set(key, [seq]);
  else if (seqs.at(-1) !== seq) seqs.push(seq);
}
