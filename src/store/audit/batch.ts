import { isSingle, readSingle, singleHead } from './single.ts';
import type { AuditRow, FoundBy, NewAuditEvent, StoredBatch } from './types.ts';

/** Events of one batch, at most: whoever looks for one of them reads all. Their numbers are kept free for it. */
export const batchSize = 50;

/** What is told of a batch before its events: enough to seal and to index it. */
export interface BatchHead {
  /** Number of events. */
  count: number;
  /** The earliest and the latest time of its events. */
  earliest: number;
  latest: number;
  /** What its events are found by, some of them more than once. */
  keys: string[];
}

/** Between the head and the events. */
const gap = '\n\n';

/**
 * The text of a batch: a line with the number and the times of its events, a line for each key that any of them is
 * found by, an empty line, and the events, a line of JSON each. One row for several events, since a row costs more
 * than what is in it.
 */
export function writeBatch(events: readonly [NewAuditEvent, ...NewAuditEvent[]]): string {
  const keys = new Set<string>();
  let lines = '';
  let [{ at: earliest, at: latest }] = events;
  for (const event of events) {
    for (const piece of event.keys) keys.add(piece);
    lines += lines ? `\n${event.json}` : event.json;
    if (event.at < earliest) earliest = event.at;
    if (event.at > latest) latest = event.at;
  }
  let head = `${events.length} ${earliest} ${latest}`;
  for (const piece of keys) if (piece) head += `\n${piece}`;
  return head + gap + lines;
}

/** Batches of at most `batchSize` events. */
export function batchesOf(events: readonly NewAuditEvent[]): string[] {
  const batches: string[] = [];
  for (let at = 0; at < events.length; at += batchSize) {
    const [first, ...others] = events.slice(at, at + batchSize);
    if (first) batches.push(writeBatch([first, ...others]));
  }
  return batches;
}

export function headOf(batch: string): BatchHead {
  if (isSingle(batch)) return singleHead(batch);
  const [numbers = '', ...keys] = batch.slice(0, batch.indexOf(gap)).split('\n');
  const [count = 0, earliest = 0, latest = 0] = numbers.split(' ').map(Number);
  return { count, earliest, latest, keys };
}

/** The events of a batch, in their order. */
export function eventsIn({ seq, batch }: StoredBatch): AuditRow[] {
  if (isSingle(batch)) return [{ seq, event: readSingle(batch) }];
  const lines = batch.slice(batch.indexOf(gap) + gap.length).split('\n');
  return lines.map((line, place) => ({ seq: seq + place, event: JSON.parse(line) as FoundBy }));
}
