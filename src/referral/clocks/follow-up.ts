/// <reference lib="esnext.temporal" />
import rules from '../../../terminology/follow-up.json' with { type: 'json' };
import { dateAt } from './calendar.ts';

/**
 * A window after a discharge or an emergency visit, in days of the calendar at the facility, both ends included. In
 * the style of HEDIS, not certified: which visits qualify is for the caller to say.
 */
export interface FollowUpRule {
  code: string;
  first: number;
  last: number;
}

/** The windows by kind: `inpatient` (in the style of FUH) and `emergency` (of FUM). */
export const followUpRules: Readonly<Record<'inpatient' | 'emergency', readonly FollowUpRule[]>> =
  rules.windows;

/** Days of the calendar from the one to the other, at the facility. */
export function daysBetween(from: Date, to: Date, timeZone: string): number {
  return dateAt(from, timeZone).until(dateAt(to, timeZone)).days;
}

/** The windows that a visit falls into. */
export function windowsMet(
  left: Date,
  visit: Date,
  timeZone: string,
  windows: readonly FollowUpRule[],
): string[] {
  const day = daysBetween(left, visit, timeZone);
  return windows.filter(({ first, last }) => day >= first && day <= last).map(({ code }) => code);
}

/** The last moment of a window. */
export function windowEnds(left: Date, { last }: FollowUpRule, timeZone: string): Date {
  const next = dateAt(left, timeZone)
    .add({ days: last + 1 })
    .toZonedDateTime(timeZone);
  return new Date(next.epochMilliseconds - 1);
}
