/// <reference lib="esnext.temporal" />

/** The same day each year; one that falls on a Saturday or Sunday is kept on the Friday before or the Monday after. */
interface FixedHoliday {
  name: string;
  month: number;
  day: number;
  observed?: boolean;
}

/** The nth weekday of a month, such as the fourth Thursday of November; `nth` -1 is the last. */
interface FloatingHoliday {
  name: string;
  month: number;
  /** English, lower case. */
  weekday: string;
  nth: number;
}

/** A rule, or one date of its own: `2026-12-24`. */
export type Holiday = string | FixedHoliday | FloatingHoliday;

export const dayNames = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/** Whether a date is one of the holidays. */
export const isHoliday = (date: Temporal.PlainDate, holidays: readonly Holiday[]): boolean =>
  datesOf(holidays, date.year).has(date.toString());

const known = new WeakMap<readonly Holiday[], Map<number, ReadonlySet<string>>>();

/** The holidays in a year, reckoned once; one of the year before or after can be kept in this year. */
function datesOf(holidays: readonly Holiday[], year: number): ReadonlySet<string> {
  const years = known.get(holidays) ?? new Map<number, ReadonlySet<string>>();
  known.set(holidays, years);
  const dates =
    years.get(year) ??
    new Set(
      holidays.flatMap(one =>
        typeof one === 'string' ? one : [-1, 0, 1].map(shift => dateIn(year + shift, one).toString()),
      ),
    );
  years.set(year, dates);
  return dates;
}

function dateIn(year: number, holiday: FixedHoliday | FloatingHoliday): Temporal.PlainDate {
  if ('weekday' in holiday) return floating(year, holiday);
  const date = Temporal.PlainDate.from({ year, month: holiday.month, day: holiday.day });
  if (!holiday.observed) return date;
  const shift = { 6: -1, 7: 1 }[date.dayOfWeek] ?? 0;
  return date.add({ days: shift });
}

function floating(year: number, { month, weekday, nth }: FloatingHoliday): Temporal.PlainDate {
  const wanted = dayNames.indexOf(weekday) + 1;
  const first = Temporal.PlainDate.from({ year, month, day: 1 });
  if (nth > 0) return first.add({ days: ((wanted - first.dayOfWeek + 7) % 7) + (nth - 1) * 7 });
  const last = first.with({ day: first.daysInMonth });
  return last.subtract({ days: ((last.dayOfWeek - wanted + 7) % 7) + (-nth - 1) * 7 });
}
