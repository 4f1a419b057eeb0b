import type { BatchHead } from './batch.ts';
import { keyOf } from './keys.ts';
import type { FoundBy } from './types.ts';

/**
 * Events from the time before they were stored in batches: each was a row, of columns that were hashed as lines.
 * The migration has put them together to these very lines, so that the chain leads through them as it did: the time,
 * the kind, the outcome, the organization with the keys as JSON, and the rest of the event as JSON.
 */
export const isSingle = (batch: string): boolean => /^\d+\n/.test(batch);

export function readSingle(batch: string): FoundBy {
  const { at, kind, outcome, event } = columnsOf(batch);
  return { ...(JSON.parse(event) as Pick<FoundBy, 'agent'>), at, kind, outcome };
}

export function singleHead(batch: string): BatchHead {
  const { at, kind, found } = columnsOf(batch);
  const [, keys] = JSON.parse(found) as [string | null, string];
  return { count: 1, earliest: at, latest: at, keys: [keyOf.kind(kind), ...(keys ? keys.split('\n') : [])] };
}

function columnsOf(batch: string) {
  const [at, kind = '', outcome = '', found = '', event = ''] = batch.split('\n');
  return { at: Number(at), kind, outcome, found, event };
}
