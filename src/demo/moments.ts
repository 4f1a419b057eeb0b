/**
 * When something happened, counted back from the time of seeding. Days are two or more and minutes stay below a day,
 * so that the order of moments is the same at whatever hour the seed runs.
 */
export type Moment = { daysAgo: number; at: string } | { minutesAgo: number };

const dayMs = 24 * 60 * 60 * 1000;

/** The instant of a moment; `at` is a time of day in UTC, `15:30`. */
export function instant(moment: Moment, now: Date): Date {
  if ('minutesAgo' in moment) return new Date(now.getTime() - moment.minutesAgo * 60_000);
  return new Date(`${dayFrom(now, -moment.daysAgo)}T${moment.at}:00.000Z`);
}

/** The calendar date (UTC) some days after or before. */
export function dayFrom(now: Date, days: number): string {
  return new Date(now.getTime() + days * dayMs).toISOString().slice(0, 10);
}
