import shipped from '../../../terminology/escalation.json' with { type: 'json' };
import { after, type Duration } from '../clocks/calendar.ts';
import { partWay } from '../clocks/part-way.ts';
import type { Action, Priority, Times } from '../lifecycle/due.ts';
import type { NextStep } from '../lifecycle/next-step.ts';
import type { Climbed, Rung } from './climbed.ts';

/** When a rung is climbed: so long after the action was due, or at this share of the time it has. */
export type LadderRung = { rung: Rung } & ({ after: Duration } | { share: number });

export type Ladder = { actions: readonly Action[] } & Record<Priority, readonly LadderRung[]>;

/** The rule pack `terminology/escalation.json`. */
export interface EscalationRules {
  ladders: readonly Ladder[];
}

export const escalationRules = shipped as EscalationRules;

/** What is overdue: a next step, since when it is asked for, and the rungs climbed so far. */
export interface Overdue {
  step: NextStep;
  asked: Date;
  priority: Priority;
  climbed: readonly Climbed[];
}

/** The rungs whose time has come and that were not climbed yet, in their order. */
export function rungsDue(
  { priority, ...waits }: Overdue,
  times: Times,
  rules: EscalationRules,
  now: Date,
): Rung[] {
  return rungsLeft(waits, rules, priority)
    .filter(rung => timeOf(rung, { ...waits, priority }, times) <= now)
    .map(({ rung }) => rung);
}

const priorities = ['routine', 'urgent', 'asap', 'stat'] as const satisfies readonly Priority[];

/**
 * Whether the time of a rung may have come, whatever the priority and the calendar are: what is known of a Task
 * before anything else is read. `atWork`: its time may be counted in business hours, of which any share may be over
 * long before that share of the time has passed.
 */
export function mayBeDue(
  waits: Omit<Overdue, 'priority'> & { atWork: boolean },
  rules: EscalationRules,
  now: Date,
): boolean {
  const { step, asked, atWork } = waits;
  const [from, due] = [asked.getTime(), Date.parse(step.due)];
  const earliest = (rung: LadderRung) =>
    new Date('after' in rung ? due : from + (atWork ? 0 : rung.share * (due - from)));
  return priorities.some(priority => rungsLeft(waits, rules, priority).some(rung => earliest(rung) <= now));
}

function rungsLeft(
  { step, climbed }: Omit<Overdue, 'priority'>,
  rules: EscalationRules,
  priority: Priority,
): LadderRung[] {
  const ladder = rules.ladders.find(({ actions }) => actions.includes(step.action));
  const done = climbed.filter(({ action, due }) => action === step.action && due === step.due);
  return (ladder?.[priority] ?? []).filter(({ rung }) => !done.some(one => one.rung === rung));
}

function timeOf(rung: LadderRung, { step, asked, priority }: Omit<Overdue, 'climbed'>, times: Times): Date {
  const due = new Date(step.due);
  if ('after' in rung) return after(due, rung.after, times);
  return partWay(rung.share, [asked, due], times.actions[step.action][priority], times);
}
