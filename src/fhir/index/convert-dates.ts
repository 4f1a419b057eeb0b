import { type DateRange, dateRange, farFuture, farPast } from '../definitions/dates.ts';
import { isObject } from '../definitions/fhirpath/collection.ts';
import type { Convert } from './convert.ts';

/** Dates become the stretch of time they stand for; open ends reach to `farPast` and `farFuture`. */
export function dateConvert(type: string): Convert | undefined {
  switch (type) {
    case 'date':
    case 'dateTime':
    case 'instant':
      return indexRange(rangeOf);
    case 'Period':
      return indexRange(periodRange);
    case 'Timing':
      return indexRange(timingRange);
    default:
      return undefined;
  }
}

function indexRange(range: (value: unknown) => DateRange | undefined): Convert {
  return (value, param, rows) => {
    const found = range(value);
    if (found) rows.dt.push([param, found.lo, found.hi]);
  };
}

function rangeOf(value: unknown): DateRange | undefined {
  return typeof value === 'string' ? dateRange(value) : undefined;
}

function periodRange(value: unknown): DateRange | undefined {
  if (!isObject(value)) return undefined;
  const [start, end] = [rangeOf(value.start), rangeOf(value.end)];
  return start || end ? { lo: start?.lo ?? farPast, hi: end?.hi ?? farFuture } : undefined;
}

/** "The specified scheduling details are ignored and only the outer limits matter." */
function timingRange(value: unknown): DateRange | undefined {
  if (!isObject(value)) return undefined;
  const events = Array.isArray(value.event) ? value.event : [];
  const bounds = isObject(value.repeat) ? periodRange(value.repeat.boundsPeriod) : undefined;
  const limits = [...events.map(rangeOf), bounds].filter(range => range !== undefined);
  if (limits.length === 0) return undefined;
  return limits.reduce((all, range) => ({ lo: Math.min(all.lo, range.lo), hi: Math.max(all.hi, range.hi) }));
}
