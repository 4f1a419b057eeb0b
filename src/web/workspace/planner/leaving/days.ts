/// <reference lib="esnext.temporal" />
import { dateAt } from '../../../../referral/clocks/calendar.ts';
import type { Leaver } from './leaver.ts';

/** The discharges that are expected on one day of the calendar. */
export interface Day {
  date: Temporal.PlainDate;
  withVisit: number;
  without: number;
}

export const daysAhead = 14;

/** The expected discharges of the next days, today first. */
export function daysOf(people: readonly Leaver[], now: Date, zone: string): Day[] {
  const today = dateAt(now, zone);
  return Array.from({ length: daysAhead }, (_, at) => {
    const of = people.filter(({ leaving }) => leaving && !leaving.left && leaving.days === at);
    const withVisit = of.filter(({ visit }) => visit?.state === 'booked').length;
    return { date: today.add({ days: at }), withVisit, without: of.length - withVisit };
  });
}
