import { isSingle, readSingle, singleHead } from './single.ts';
import type { AuditPart, AuditRow, FoundBy, NewAuditEvent, StoredBatch } from './types.ts';

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

/** Between the head, the parts and the events. */
const gap = '\n\n';

/**
 * The text of a batch, in three sections. The head: a line with the number and the times of its events, and a line for
 * each key that any of them is found by. Then the parts, a line of JSON each. Then the events: the numbers of its
 * parts, and the JSON of its own members.
 */
function writeBatch(events: readonly [NewAuditEvent, ...NewAuditEvent[]]): string {
  const numbers = new Map<AuditPart, number>();
  let [keys, parts, lines] = ['', '', ''];
  let [{ at: earliest, at: latest }] = events;
  for (const event of events) {
    lines += '\n';
    for (const part of event.parts) {
      let number = numbers.get(part);
      if (number === undefined) {
        number = numbers.size;
        numbers.set(part, number);
        if (part.keys) keys += `\n${part.keys}`;
        parts += `\n${part.json}`;
      }
      lines += `${number} `;
    }
    lines += event.json;
    if (event.at < earliest) earliest = event.at;
    if (event.at > latest) latest = event.at;
  }
  return `${events.length} ${earliest} ${latest}${keys}\n${parts}\n${lines}`;
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
  const [, parts = '', lines = ''] = batch.split(gap);
  const members = parts.split('\n').map(part => JSON.parse(part) as Partial<FoundBy>);
  return lines.split('\n').map((line, place) => {
    const start = line.indexOf('{');
    const shared = line
      .slice(0, start)
      .split(' ')
      .flatMap(number => (number ? (members[Number(number)] ?? []) : []));
    return {
      seq: seq + place,
      event: Object.assign({}, ...shared, JSON.parse(line.slice(start))) as FoundBy,
    };
  });
}
