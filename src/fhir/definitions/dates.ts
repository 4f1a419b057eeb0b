/** The ends of time, for a period that is open: epoch milliseconds beyond every date FHIR can write. */
export const farPast = -8.64e15;
export const farFuture = 8.64e15;

/** What a date stands for, to its precision: epoch milliseconds, both ends inclusive. */
export interface DateRange {
  lo: number;
  hi: number;
}

const pattern = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;

/**
 * The moments a FHIR date, dateTime or instant covers: `2024-03` is all of March. Without a time zone it is UTC.
 * Minutes without seconds, which only searches write, are understood. Undefined when it is no date that exists.
 */
export function dateRange(text: string): DateRange | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, fraction, zone] = match;
  const y = Number(year);
  const m = month === undefined ? 0 : Number(month) - 1;
  const d = day === undefined ? 1 : Number(day);
  if (y === 0 || m < 0 || m > 11 || d < 1 || d > daysInMonth(y, m)) return undefined;
  const start = utc(y, m, d);
  if (month === undefined) return { lo: start, hi: utc(y + 1, 0, 1) - 1 };
  if (day === undefined) return { lo: start, hi: utc(y, m + 1, 1) - 1 };
  if (hour === undefined || minute === undefined) return { lo: start, hi: start + dayLength - 1 };
  const offset = zoneOffset(zone);
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second ?? 0) > 60 || offset === undefined)
    return undefined;
  const at = start + Number(hour) * 3_600_000 + Number(minute) * 60_000 - offset;
  if (second === undefined) return { lo: at, hi: at + 59_999 };
  return withFraction(at + Number(second) * 1000, fraction);
}

const dayLength = 86_400_000;

/** `.5` covers 500 to 599 milliseconds; what is finer than a millisecond is cut off. */
function withFraction(at: number, fraction: string | undefined): DateRange {
  if (!fraction) return { lo: at, hi: at + 999 };
  const digits = fraction.slice(1, 4);
  const unit = 10 ** (3 - digits.length);
  const lo = at + Number(digits) * unit;
  return { lo, hi: lo + unit - 1 };
}

function zoneOffset(zone: string | undefined): number | undefined {
  if (zone === undefined || zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4));
  if (hours > 14 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 3_600_000 + minutes * 60_000);
}

function daysInMonth(year: number, month: number): number {
  if (month === 1) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 3 || month === 5 || month === 8 || month === 10 ? 30 : 31;
}

/** `Date.UTC`, which takes years below 100 for the 1900s. */
function utc(year: number, month: number, day: number): number {
  if (year > 99) return Date.UTC(year, month, day);
  return Date.UTC(year + 400, month, day) - daysIn400Years * dayLength;
}

const daysIn400Years = 146_097;
