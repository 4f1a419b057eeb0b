import { headOf } from './batch.ts';
import { hashLength, link, start } from './chain.ts';
import type { AuditHead, AuditStore, SealedBlock } from './types.ts';

export interface Verified {
  /** Events, from the first on, that are as they were when they were sealed. */
  good: number;
  head: AuditHead;
  /** Absent: the chain is whole. */
  broken?: Break;
}

interface Break {
  /** Number of the first event of the batch. */
  seq: number;
  why: string;
}

/**
 * Follows the chain from its start to its head, and past `known`: heads that were noted elsewhere before. Finds
 * an event that was changed, removed or inserted, and an end that was cut off.
 */
export async function verify(store: AuditStore, known: readonly AuditHead[] = []): Promise<Verified> {
  const head = await store.head();
  const waymarks = [...known, head].filter(mark => mark.rows > 0);
  let at = start;
  for (;;) {
    const block = await store.sealed(at.seq);
    if (!block || block.last > head.seq) break;
    const step = follow(at, block, waymarks);
    if (step.broken) return { good: step.at.rows, head, broken: step.broken };
    at = step.at;
  }
  const beyond = waymarks.find(mark => mark.rows > at.rows);
  if (!beyond) return { good: at.rows, head };
  const why = `the chain ends here, but was ${beyond.rows} events long, up to number ${beyond.seq}: its end is cut off`;
  return { good: at.rows, head, broken: { seq: at.seq + 1, why } };
}

/** Batch by batch; the head after the last good one. */
function follow(
  from: AuditHead,
  { last, hashes, batches }: SealedBlock,
  waymarks: readonly AuditHead[],
): { at: AuditHead; broken?: Break } {
  let at = from;
  for (const [index, batch] of batches.entries()) {
    const { seq } = batch;
    const hash = link(at.hash, batch);
    if (hash !== hashes.slice(index * hashLength, (index + 1) * hashLength)) {
      const why = 'it, its seal or what came right before it was changed, removed or inserted';
      return { at, broken: { seq, why } };
    }
    const next = { rows: at.rows + headOf(batch.batch).count, seq, hash };
    if (waymarks.some(mark => leadsPast(mark, at, next))) {
      return { at, broken: { seq, why: 'the chain is another one than when its head was noted here' } };
    }
    at = next;
  }
  if (batches.length * hashLength === hashes.length && at.seq === last) return { at };
  return { at, broken: { seq: at.seq + 1, why: 'the events from here to the next seal were removed' } };
}

/** The mark should be met on the way from one to the other, and is not. */
const leadsPast = (mark: AuditHead, from: AuditHead, to: AuditHead): boolean =>
  mark.rows > from.rows &&
  mark.rows <= to.rows &&
  (mark.rows !== to.rows || mark.seq !== to.seq || mark.hash !== to.hash);
