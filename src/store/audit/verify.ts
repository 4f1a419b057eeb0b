import { link, start } from './chain.ts';
import type { AuditHead, AuditStore, SealedRow } from './types.ts';

export interface Verified {
  /** Events, from the first on, that are as they were when they were sealed. */
  good: number;
  head: AuditHead;
  /** Absent: the chain is whole. */
  broken?: { seq: number; why: string };
}

const batch = 5000;

/**
 * Follows the chain from its start to its head, and past `known`: a head that was noted elsewhere before. Finds
 * an event that was changed, removed or inserted, and an end that was cut off.
 */
export async function verify(store: AuditStore, known: readonly AuditHead[] = []): Promise<Verified> {
  const head = await store.head();
  const waymarks = [...known, head].filter(mark => mark.rows > 0);
  let at = start;
  for (;;) {
    const seals = (await store.sealed(at.seq, batch)).filter(seal => seal.seq <= head.seq);
    if (seals.length === 0) break;
    const step = follow(at, seals);
    const broken =
      step.broken ?? (await surplus(store, at, seals)) ?? missed(waymarks, at, step.at, step.marks);
    if (broken) return { good: Math.min(step.at.rows, goodBefore(seals, at, broken.seq)), head, broken };
    at = step.at;
  }
  const beyond = waymarks.find(mark => mark.rows > at.rows);
  if (!beyond) return { good: at.rows, head };
  const why = `the chain ends here, but was ${beyond.rows} events long, up to number ${beyond.seq}: its end is cut off`;
  return { good: at.rows, head, broken: { seq: at.seq + 1, why } };
}

interface Step {
  at: AuditHead;
  /** The head after each event of the batch. */
  marks: Map<number, AuditHead>;
  broken?: { seq: number; why: string };
}

function follow(from: AuditHead, seals: readonly SealedRow[]): Step {
  const marks = new Map<number, AuditHead>();
  let at = from;
  for (const { seq, hash, row } of seals) {
    if (!row) return { at, marks, broken: { seq, why: 'the event was removed' } };
    if (link(at.hash, row) !== hash) {
      const why = 'the event, its seal or what came right before it was changed, removed or inserted';
      return { at, marks, broken: { seq, why } };
    }
    at = { rows: at.rows + 1, seq, hash };
    marks.set(at.rows, at);
  }
  return { at, marks };
}

/** Events among the sealed ones that have no seal. */
async function surplus(
  store: AuditStore,
  from: AuditHead,
  seals: readonly SealedRow[],
): Promise<Step['broken']> {
  const last = seals.at(-1)?.seq ?? from.seq;
  if ((await store.count(from.seq, last)) === seals.length) return undefined;
  return { seq: from.seq + 1, why: `an event was inserted between number ${from.seq + 1} and ${last}` };
}

/** A head that was noted before must lie on the chain. */
function missed(
  waymarks: readonly AuditHead[],
  from: AuditHead,
  to: AuditHead,
  marks: ReadonlyMap<number, AuditHead>,
): Step['broken'] {
  const off = waymarks.find(mark => {
    const there = mark.rows > from.rows && mark.rows <= to.rows;
    const here = marks.get(mark.rows);
    return there && (here?.seq !== mark.seq || here.hash !== mark.hash);
  });
  return off && { seq: off.seq, why: 'the chain is another one than when its head was noted here' };
}

const goodBefore = (seals: readonly SealedRow[], from: AuditHead, seq: number): number =>
  from.rows + seals.filter(seal => seal.seq < seq).length;
