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
  { step, asked, priority, climbed }: Overdue,
  calendar: Calendar,
  rules: EscalationRules,
  now: Date,
): Rung[] {
  const ladder = rules.ladders.find(({ actions }) => actions.includes(step.action));
  const done = climbed.filter(({ action, due }) => action === step.action && due === step.due);
  return (ladder?.[priority] ?? [])
    .filter(rung => timeOf(rung, asked, new Date(step.due), calendar) <= now)
    .map(({ rung }) => rung)
    .filter(rung => !done.some(one => one.rung === rung));
}

function timeOf(rung: LadderRung, asked: Date, due: Date, calendar: Calendar): Date {
  if ('after' in rung) return after(due, rung.after, calendar);
  return new Date(asked.getTime() + rung.share * (due.getTime() - asked.getTime()));
}
