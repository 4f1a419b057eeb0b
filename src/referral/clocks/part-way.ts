/// <reference lib="esnext.temporal" />
import { after, type Calendar, type Duration, dateAt, isBusinessDay } from './calendar.ts';
import { closedTimes } from './office-hours.ts';

const hourMs = 3_600_000;

/**
 * When a share of the time between two moments is over, counted as the time is: of business hours only while the place
 * works. Between moments in which it never works time passes as ever.
 */
export function partWay(
  share: number,
  [from, until]: readonly [Date, Date],
  { businessHours }: Duration,
  calendar: Calendar,
): Date {
  const hours = businessHours === undefined ? 0 : workedHours(from, until, calendar);
  if (hours > 0) return after(from, { businessHours: share * hours }, calendar);
  return new Date(from.getTime() + share * (until.getTime() - from.getTime()));
}

/** How many hours the place works between two moments. */
function workedHours(from: Date, until: Date, calendar: Calendar): number {
  const end = until.getTime();
  let [at, worked] = [from.getTime(), 0];
  const first = dateAt(from, calendar.timeZone);
  for (const closed of closedTimes(first, calendar, date => isBusinessDay(date, calendar))) {
    worked += Math.max(Math.min(closed.start, end) - at, 0);
    at = Math.max(at, closed.end);
    if (at >= end) break;
  }
  return worked / hourMs;
}
