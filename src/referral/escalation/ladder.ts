import shipped from '../../../terminology/escalation.json' with { type: 'json' };
import { after, type Calendar, type Duration } from '../clocks/calendar.ts';
import type { Action, Priority } from '../lifecycle/due.ts';
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
  calendar: Calendar,
  rules: EscalationRules,
  now: Date,
): Rung[] {
  const { asked, step } = waits;
  return rungsLeft(waits, rules, priority)
    .filter(rung => timeOf(rung, asked, new Date(step.due), calendar) <= now)
    .map(({ rung }) => rung);
}

const priorities = ['routine', 'urgent', 'asap', 'stat'] as const satisfies readonly Priority[];

/**
 * Whether the time of a rung may have come, whatever the priority and the calendar are: what is known of a Task
 * before anything else is read.
 */
export function mayBeDue(waits: Omit<Overdue, 'priority'>, rules: EscalationRules, now: Date): boolean {
  const due = new Date(waits.step.due);
  const earliest = (rung: LadderRung) => ('after' in rung ? due : shareOf(rung.share, waits.asked, due));
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

function timeOf(rung: LadderRung, asked: Date, due: Date, calendar: Calendar): Date {
  return 'after' in rung ? after(due, rung.after, calendar) : shareOf(rung.share, asked, due);
}

const shareOf = (share: number, asked: Date, due: Date): Date =>
  new Date(asked.getTime() + share * (due.getTime() - asked.getTime()));
