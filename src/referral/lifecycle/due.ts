import shipped from '../../../terminology/referral-due.json' with { type: 'json' };
import { after, type Calendar, type Duration, type Pause } from '../clocks/calendar.ts';

export type Priority = 'routine' | 'urgent' | 'asap' | 'stat';

/** What the party whose turn it is has to do (code system `next-action`). */
export type Action =
  | 'send'
  | 'answer'
  | 'provide-information'
  | 'choose-recipient'
  | 'route'
  | 'collect-answers'
  | 'offer-next'
  | 'schedule'
  | 'record-visit'
  | 'reschedule'
  | 'report-outcome'
  | 'review-hold'
  | 'confirm-cancellation'
  | 'choose-again'
  | 'decide'
  | 'close-request';

/** What has a time: `record-visit-untimed` is a visit whose time nobody has told. */
export type TimedAction = Action | 'record-visit-untimed';

/** How long each action may take, by priority, and the calendar it is counted by. */
export interface Times extends Calendar {
  actions: Record<TimedAction, Record<Priority, Duration>>;
}

/** What an organization or a program has of its own; the rest is the network's. */
export interface OwnTimes extends Partial<Calendar> {
  actions?: Partial<Record<TimedAction, Partial<Record<Priority, Duration>>>>;
}

/** The rule pack `terminology/referral-due.json`. */
export interface DueRules extends Times {
  /** How many organizations may be asked at the same time for one request. */
  parallelOffers: number;
  /** By logical id. */
  organizations?: Readonly<Record<string, OwnTimes>>;
  /** By `system|code` of a ServiceRequest.category. */
  programs?: Readonly<Record<string, OwnTimes>>;
}

export const dueRules: DueRules = shipped;

/** Whose clock it is: what their own times depend on. */
export interface Counted {
  /** Logical id of the organization whose turn it is. */
  organization?: string | undefined;
  /** The time zone that it says it lives in. */
  timeZone?: string | undefined;
  /** Programs (`system|code`) of the request. */
  programs?: readonly string[];
}

/** The network's times, overlaid with those of the programs, then with the organization's own. */
export function timesFor(rules: DueRules, { organization, timeZone, programs = [] }: Counted): Times {
  const own = [
    ...programs.map(program => rules.programs?.[program]),
    timeZone === undefined ? undefined : { timeZone },
    rules.organizations?.[organization ?? ''],
  ].filter(one => one !== undefined);
  return own.reduce<Times>(overlaid, rules);
}

/** Whether somebody's time for an action may be counted in business hours; without a priority, for any. */
export function mayCountAtWork(rules: DueRules, action: TimedAction, priority?: Priority): boolean {
  const { programs = {}, organizations = {} } = rules;
  return [rules, ...Object.values(programs), ...Object.values(organizations)].some(({ actions }) => {
    const times = actions?.[action] ?? {};
    const those = priority ? [times[priority]] : Object.values(times);
    return those.some(one => one?.businessHours !== undefined);
  });
}

function overlaid(times: Times, own: OwnTimes): Times {
  const actions = { ...times.actions };
  for (const [action, durations] of Object.entries(own.actions ?? {}))
    actions[action as TimedAction] = { ...actions[action as TimedAction], ...durations };
  return { ...times, ...own, actions };
}

/**
 * When an action is due that is asked for at a moment; while a pause without an end lasts, its clock stands and
 * nothing is.
 */
export function dueAt(action: TimedAction, priority: Priority, from: Date, times?: Times): Date;
export function dueAt(
  action: TimedAction,
  priority: Priority,
  from: Date,
  times: Times,
  pauses: readonly Pause[],
): Date | undefined;
export function dueAt(
  action: TimedAction,
  priority: Priority,
  from: Date,
  times: Times = dueRules,
  pauses: readonly Pause[] = [],
): Date | undefined {
  return after(from, times.actions[action][priority], times, pauses);
}
