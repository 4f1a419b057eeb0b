import { dueRules } from '../referral/lifecycle/due.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** A length of time as people say it: whole minutes below an hour, hours below two days, then days. */
function span(ms: number): string {
  const [unit, size] =
    ms < hourMs
      ? (['minute', minuteMs] as const)
      : ms < 2 * dayMs
        ? (['hour', hourMs] as const)
        : (['day', dayMs] as const);
  const amount = Math.floor(ms / size);
  return new Intl.NumberFormat('en', { style: 'unit', unit, unitDisplay: 'long' }).format(amount);
}

export function isOverdue(due: Date, now: Date): boolean {
  return due.getTime() < now.getTime();
}

/** `Due in 3 hours`, `2 days overdue`. */
export function dueWords(due: Date, now: Date): string {
  const ms = due.getTime() - now.getTime();
  if (ms >= minuteMs) return `Due in ${span(ms)}`;
  return ms > -minuteMs ? 'Due now' : `${span(-ms)} overdue`;
}

/** `3 days ago`. */
export function agoWords(at: Date, now: Date): string {
  const ms = now.getTime() - at.getTime();
  return ms < minuteMs ? 'Just now' : `${span(ms)} ago`;
}

/** Formats of times, one for each zone: making one costs more than using it a thousand times. */
function formats(options: Intl.DateTimeFormatOptions) {
  const known = new Map<string, Intl.DateTimeFormat>();
  return (at: Date, zone: string): string => {
    const format = known.get(zone) ?? new Intl.DateTimeFormat('en-US', { ...options, timeZone: zone });
    known.set(zone, format);
    return format.format(at);
  };
}

const exact = formats({
  weekday: 'long',
  year: 'numeric',
  month: 'long',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
  timeZoneName: 'short',
});

/** The exact time, where the reader is; by default in the time zone that due times are counted in. */
export const exactWords = (at: Date, zone: string = dueRules.timeZone): string => exact(at, zone);

const short = formats({
  weekday: 'short',
  month: 'short',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
  timeZoneName: 'short',
});

/** A time as one says it when one arranges something: `Tue, Nov 24, 10:00 AM CST`. */
export const shortWords = (at: Date, zone: string = dueRules.timeZone): string => short(at, zone);

const moment = formats({ dateStyle: 'medium', timeStyle: 'short' });

/** `Mar 5, 2026, 3:30 PM`, for lists in which it matters when exactly; the same zone as `exactWords`. */
export const momentWords = (at: Date, zone: string = dueRules.timeZone): string => moment(at, zone);
