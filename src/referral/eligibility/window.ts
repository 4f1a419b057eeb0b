/// <reference lib="esnext.temporal" />
import { evalFhirPath } from '@medplum/core';
import type { Duration, Period, Resource } from '@medplum/fhirtypes';
import { type DateRange, dateRange, farFuture, farPast } from '../../fhir/definitions/dates.ts';
import { units } from './pack.ts';

/** From when to now, in epoch milliseconds. */
export type Span = DateRange;

/** So far back from now, by the calendar of the place. */
export function spanOf({ value = 0, code = '' }: Duration, now: Date, timeZone: string): Span {
  const unit = units.get(code);
  if (!unit) throw new Error(`no unit of time "${code}"`);
  const start = zoned(now.getTime(), timeZone).subtract({ [unit]: value });
  return { lo: start.epochMilliseconds, hi: now.getTime() };
}

/** What a date or period of a resource covers; undefined where it says nothing. A period that is open goes on. */
export function rangeAt(resource: Resource, path: string, timeZone: string): DateRange | undefined {
  const [value] = evalFhirPath(path, resource) as (string | Period | undefined)[];
  if (typeof value === 'string') return localRange(value, timeZone);
  if (!value || (!value.start && !value.end)) return undefined;
  return {
    lo: (value.start ? localRange(value.start, timeZone)?.lo : undefined) ?? farPast,
    hi: (value.end ? localRange(value.end, timeZone)?.hi : undefined) ?? farFuture,
  };
}

/** A date without a time is a date at the place. */
function localRange(text: string, timeZone: string): DateRange | undefined {
  const range = dateRange(text);
  if (!range || text.includes('T')) return range;
  return { lo: midnight(range.lo, timeZone), hi: midnight(range.hi + 1, timeZone) - 1 };
}

const midnight = (utc: number, timeZone: string): number =>
  zoned(utc, 'UTC').toPlainDate().toZonedDateTime(timeZone).epochMilliseconds;

export const overlaps = (a: DateRange, b: DateRange): boolean => a.lo <= b.hi && a.hi >= b.lo;

/** How many days several stays cover within a span, and the most of them without a break. */
export interface Coverage {
  days: number;
  longest: number;
}

/**
 * Days as hospitals count them: each date from the admission to the day before the discharge, once; a stay that ends
 * on the day it began is one day. A transfer is no break: the next stay begins on the day that the one before ends.
 */
export function coverageOf(stays: readonly DateRange[], span: Span, timeZone: string): Coverage {
  const dates = new Set<number>();
  for (const stay of stays) {
    if (!overlaps(stay, span)) continue;
    const ongoing = stay.hi > span.hi;
    const first = dayOf(Math.max(stay.lo, span.lo), timeZone);
    const last = dayOf(Math.min(stay.hi, span.hi), timeZone);
    const end = ongoing || last === first ? last : last - 1;
    for (let day = first; day <= end; day++) dates.add(day);
  }
  let [longest, run, before] = [0, 0, Number.NaN];
  for (const day of [...dates].sort((a, b) => a - b)) {
    run = day === before + 1 ? run + 1 : 1;
    longest = Math.max(longest, run);
    before = day;
  }
  return { days: dates.size, longest };
}

const zoned = (moment: number, timeZone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(moment).toZonedDateTimeISO(timeZone);

const dayLength = 86_400_000;

/** A date at the place as a number, so that the day after is one more. */
function dayOf(moment: number, timeZone: string): number {
  const { year, month, day } = zoned(moment, timeZone);
  return Date.UTC(year, month - 1, day) / dayLength;
}
