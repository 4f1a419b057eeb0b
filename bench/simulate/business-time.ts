/// <reference lib="esnext.temporal" />
import { type Calendar, dateAt, isBusinessDay } from '../../src/referral/clocks/calendar.ts';
import { dueRules } from '../../src/referral/lifecycle/due.ts';

const hourMs = 3_600_000;
const { start, end } = dueRules.officeHours;
const hourOf = (time: string): number => Number(time.slice(0, 2)) + Number(time.slice(3)) / 60;
const [opens, closes] = [hourOf(start), hourOf(end)];
export const hoursPerDay = closes - opens;
export const hoursPerWeek = 5 * hoursPerDay;

/** The office hours of the network (terminology/referral-due.json) as a line: the hours that have been worked since the first day. */
export interface BusinessTime {
  /** Business hours from the first day until a moment (epoch milliseconds). */
  hoursAt(moment: number): number;
  /** The moment at which so many business hours have been worked; the end of a day rather than the next morning. */
  momentAt(hours: number): number;
  /** The moment that is so many business hours after another one. */
  after(moment: number, hours: number): number;
}

/** From the day of `from` on, for so many days. Error: a moment outside. */
export function businessTime(from: Date, days: number, calendar: Calendar): BusinessTime {
  const first = dateAt(from, calendar.timeZone);
  const mornings = Array.from({ length: days }, (_, at) => first.add({ days: at }))
    .filter(date => isBusinessDay(date, calendar))
    .map(
      date =>
        date.toZonedDateTime({
          timeZone: calendar.timeZone,
          plainTime: start,
        }).epochMilliseconds,
    );

  function hoursAt(moment: number): number {
    const day = lastNotAfter(mornings, moment);
    if (day < 0) return 0;
    const worked = (moment - (mornings[day] ?? 0)) / hourMs;
    return day * hoursPerDay + Math.min(worked, hoursPerDay);
  }

  function momentAt(hours: number): number {
    const day = Math.max(0, Math.ceil(hours / hoursPerDay) - 1);
    const morning = mornings[day];
    if (morning === undefined)
      throw new Error(`no business hour ${hours}: the calendar has ${mornings.length} days`);
    return morning + (hours - day * hoursPerDay) * hourMs;
  }

  return { hoursAt, momentAt, after: (moment, hours) => momentAt(hoursAt(moment) + hours) };
}

/** The last of ascending values that is not above; -1 where all are. */
function lastNotAfter(values: readonly number[], limit: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
