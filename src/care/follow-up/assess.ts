import type { Task } from '@medplum/fhirtypes';
import { daysBetween, followUpRules, windowEnds, windowsMet } from '../../referral/clocks/follow-up.ts';
import { dischargeOf, momentsOf } from './facts.ts';

/** Where a follow-up stands, at the facility. */
export interface Standing {
  left: Date;
  planned: boolean;
  /** Days of the calendar since the person left; day 0 is the day of the discharge. */
  day: number;
  /** Windows (`7-day`, `30-day`) that a qualifying visit was kept in. In the style of FUH, not certified. */
  met: readonly string[];
  /** Windows that are over without one. */
  missed: readonly string[];
  /** A visit lies ahead within seven days after the discharge. */
  booked: boolean;
}

const windows = followUpRules.inpatient;

/** Undefined where it is not known when the person leaves. */
export function standingOf(task: Task, timeZone: string, now: Date): Standing | undefined {
  const discharge = dischargeOf(task);
  if (!discharge) return undefined;
  const { at: left, planned } = discharge;
  const visits = planned ? [] : momentsOf(task, 'qualifying-visit');
  const met = [...new Set(visits.flatMap(visit => windowsMet(left, visit, timeZone, windows)))];
  const over = planned ? [] : windows.filter(one => now > windowEnds(left, one, timeZone));
  const ahead = momentsOf(task, 'booked-visit').filter(visit => visit >= now);
  return {
    left,
    planned,
    day: daysBetween(left, now, timeZone),
    met,
    missed: over.map(({ code }) => code).filter(code => !met.includes(code)),
    booked: ahead.some(visit => windowsMet(left, visit, timeZone, windows).includes('7-day')),
  };
}
