import type { Task } from '@medplum/fhirtypes';
import { followUpRules, windowsMet } from '../../../../referral/clocks/follow-up.ts';
import { stateOf } from '../../../../referral/lifecycle/state.ts';
import type { Visit } from './leaver.ts';

/** What is known of visits: by the referrals' Tasks, and by the follow-up of the stay. */
export interface Visits {
  tasks: readonly Task[];
  facts?: { booked: readonly Date[]; kept: readonly Date[]; missed: readonly Date[] } | undefined;
  /** When the person left, or is expected to; undefined: nobody knows. */
  leaving: Date | undefined;
  /** When the stay began: what was before belongs to another. */
  since: Date;
}

const window = followUpRules.inpatient.filter(({ code }) => code === '7-day');

/** The visit that counts: one kept in time, or else booked in time, or else missed with nothing booked since. */
export function visitOf(
  { tasks, facts, leaving, since }: Visits,
  { zone, now }: { zone: string; now: Date },
): Visit | undefined {
  const inTime = ({ at }: Visit): boolean =>
    leaving ? windowsMet(leaving, at, zone, window).length > 0 : at >= since;
  const all = [...tasks.flatMap(ofTask), ...ofFacts(facts)].filter(inTime).sort(byTime);
  const booked = all.filter(({ state, at }) => state === 'booked' && at >= startOfHours(now));
  return (
    all.find(({ state }) => state === 'kept') ?? booked[0] ?? all.findLast(({ state }) => state === 'missed')
  );
}

const byTime = (a: Visit, b: Visit): number => a.at.getTime() - b.at.getTime();

/** A visit of this morning of which nobody has said yet how it went still counts as booked. */
const startOfHours = (now: Date): Date => new Date(now.getTime() - 24 * 3_600_000);

function ofTask(task: Task): Visit[] {
  const { step } = stateOf(task);
  const start = task.executionPeriod?.start;
  const state =
    step === '5.1.1' ? 'booked' : step === '5.1.2' ? 'missed' : step === '5.1.4' ? 'kept' : undefined;
  return start && state ? [{ at: new Date(start), state }] : [];
}

function ofFacts(facts: Visits['facts']): Visit[] {
  const of = (state: Visit['state'], moments: readonly Date[] = []) => moments.map(at => ({ at, state }));
  return [...of('booked', facts?.booked), ...of('kept', facts?.kept), ...of('missed', facts?.missed)];
}
