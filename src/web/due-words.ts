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

const exact = new Map<string, Intl.DateTimeFormat>();

/** The exact time, where the reader is; by default in the time zone that due times are counted in. */
export function exactWords(at: Date, zone: string = dueRules.timeZone): string {
  const known = exact.get(zone);
  if (known) return known.format(at);
  const format = new Intl.DateTimeFormat('en-US', {
    weekday: 'long',
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZone: zone,
    timeZoneName: 'short',
  });
  exact.set(zone, format);
  return format.format(at);
}

const short = new Map<string, Intl.DateTimeFormat>();

/** A time as one says it when one arranges something: `Tue, Nov 24, 10:00 AM CST`. */
export function shortWords(at: Date, zone: string = dueRules.timeZone): string {
  const known = short.get(zone);
  if (known) return known.format(at);
  const format = new Intl.DateTimeFormat('en-US', {
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZone: zone,
    timeZoneName: 'short',
  });
  short.set(zone, format);
  return format.format(at);
}
