/// <reference lib="esnext.temporal" />
import { dayNames, type Holiday, isHoliday } from './holidays.ts';
import { closedTimes, eitherOf, type OfficeHours, type Stop } from './office-hours.ts';

/** When a place works, by its own time of day. */
export interface Calendar {
  /** IANA name. */
  timeZone: string;
  /** English names of days, lower case. */
  weekend: readonly string[];
  holidays: readonly Holiday[];
  /** Of its business days. */
  officeHours: OfficeHours;
}

/**
 * One of these. Minutes and hours run through nights and weekends; business hours only while the place works. Days and
 * months are of the calendar and keep the time of day; business days skip weekends and holidays as well.
 */
export interface Duration {
  minutes?: number;
  hours?: number;
  businessHours?: number;
  businessDays?: number;
  days?: number;
  months?: number;
}

/** A time in which a clock stands still; without an end it still does. */
export interface Pause {
  start: Date;
  end?: Date;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Whether a place works on a date. */
export const isBusinessDay = (date: Temporal.PlainDate, { weekend, holidays }: Calendar): boolean =>
  !weekend.includes(dayNames[date.dayOfWeek - 1] ?? '') && !isHoliday(date, holidays);

/** The date of a moment at the place. */
export const dateAt = (moment: Date, timeZone: string): Temporal.PlainDate =>
  zoned(moment, timeZone).toPlainDate();

/**
 * The moment after so much time. While it is paused a clock of minutes or hours stands still, and one of business
 * hours as well while the place does not work: what is over as it closes is due then, not as it opens again. Of days, those do not
 * count that began in a pause. Undefined while a pause without an end lasts: nothing is due before it is over.
 */
export function after(from: Date, duration: Duration, calendar: Calendar): Date;
export function after(
  from: Date,
  duration: Duration,
  calendar: Calendar,
  pauses: readonly Pause[],
): Date | undefined;
export function after(
  from: Date,
  duration: Duration,
  calendar: Calendar,
  pauses: readonly Pause[] = [],
): Date | undefined {
  const stops = stopsOf(pauses);
  const { minutes, hours, businessHours, businessDays, days, months } = duration;
  if (minutes !== undefined || hours !== undefined) {
    return elapsed(from.getTime(), (hours ?? 0) * hourMs + (minutes ?? 0) * minuteMs, stops);
  }
  const start = zoned(from, calendar.timeZone);
  if (businessHours !== undefined) {
    const closed = closedTimes(start.toPlainDate(), calendar, date => isBusinessDay(date, calendar));
    return elapsed(from.getTime(), businessHours * hourMs, eitherOf(stops, closed));
  }
  if (businessDays !== undefined) {
    return onDay(start, businessDays, stops, date => isBusinessDay(date, calendar));
  }
  const end = start.add({ months: months ?? 0, days: days ?? 0 });
  return onDay(start, start.toPlainDate().until(end.toPlainDate()).days, stops, () => true);
}

/** The last moment of the day of a moment, at the place. */
export function endOfDay(moment: Date, timeZone: string): Date {
  const next = zoned(moment, timeZone).toPlainDate().add({ days: 1 }).toZonedDateTime(timeZone);
  return new Date(next.epochMilliseconds - 1);
}

const zoned = (moment: Date, timeZone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(moment.getTime()).toZonedDateTimeISO(timeZone);

/** In order and without overlap. */
function stopsOf(pauses: readonly Pause[]): Stop[] {
  const stops: Stop[] = [];
  const all = pauses.map(({ start, end }) => ({
    start: start.getTime(),
    end: end?.getTime() ?? Number.POSITIVE_INFINITY,
  }));
  for (const stop of all.sort((a, b) => a.start - b.start)) {
    const last = stops.at(-1);
    if (last && last.end >= stop.start) last.end = Math.max(last.end, stop.end);
    else stops.push(stop);
  }
  return stops;
}

/** Stops in the order in which they begin; they may overlap. */
function elapsed(from: number, milliseconds: number, stops: Iterable<Stop>): Date | undefined {
  let at = from;
  let left = milliseconds;
  for (const { start, end } of stops) {
    if (end <= at) continue;
    const runs = Math.max(start - at, 0);
    if (runs >= left) break;
    left -= runs;
    at = end;
    if (at === Number.POSITIVE_INFINITY) return undefined;
  }
  return new Date(at + left);
}

function onDay(
  from: Temporal.ZonedDateTime,
  days: number,
  stops: readonly Stop[],
  counts: (date: Temporal.PlainDate) => boolean,
): Date | undefined {
  let moment = from;
  // Each day is taken from the start: an hour that the clocks skip on the way must not shift the days after it.
  for (let left = days, distance = 1; left > 0; distance++) {
    moment = from.add({ days: distance });
    const date = moment.toPlainDate();
    const midnight = date.toZonedDateTime(from.timeZoneId).epochMilliseconds;
    const stop = stops.find(({ start, end }) => midnight > start && midnight <= end);
    if (stop?.end === Number.POSITIVE_INFINITY) return undefined;
    if (!stop && counts(date)) left -= 1;
  }
  return new Date(moment.epochMilliseconds);
}
