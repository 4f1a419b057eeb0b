/// <reference lib="esnext.temporal" />

/** From when until when a place works on its business days, `HH:MM` by its clock; a day may end at `24:00`. */
export interface OfficeHours {
  start: string;
  end: string;
}

/** A time in which a clock stands still, in epoch milliseconds; one that lasts ends at Infinity. */
export interface Stop {
  start: number;
  end: number;
}

/** When a place does not work, from before a date on and without an end: ask for as much as is needed. */
export function* closedTimes(
  from: Temporal.PlainDate,
  { timeZone, officeHours }: { timeZone: string; officeHours: OfficeHours },
  works: (date: Temporal.PlainDate) => boolean,
): Generator<Stop> {
  let closed = Number.NEGATIVE_INFINITY;
  for (let date = from; ; date = date.add({ days: 1 })) {
    if (!works(date)) continue;
    yield { start: closed, end: momentOf(date, officeHours.start, timeZone) };
    closed = momentOf(date, officeHours.end, timeZone);
  }
}

function momentOf(date: Temporal.PlainDate, time: string, timeZone: string): number {
  // No clock shows 24:00: it is when the next day begins.
  if (time === '24:00') return date.add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds;
  return date.toZonedDateTime({ timeZone, plainTime: time }).epochMilliseconds;
}

/** The one or the other, in the order in which they begin. */
export function* eitherOf(some: readonly Stop[], others: Iterable<Stop>): Generator<Stop> {
  let at = 0;
  for (const other of others) {
    for (let one = some[at]; one && one.start < other.start; one = some[++at]) yield one;
    yield other;
  }
  yield* some.slice(at);
}
