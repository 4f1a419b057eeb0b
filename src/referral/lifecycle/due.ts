import shipped from '../../../terminology/referral-due.json' with { type: 'json' };
import { after, type Calendar, type Duration } from '../clocks/calendar.ts';

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
  | 'close-request';

/** The rule pack `terminology/referral-due.json`: how long each action may take, by priority. */
export interface DueRules extends Calendar {
  /** How many organizations may be asked at the same time for one request. */
  parallelOffers: number;
  /** `record-visit-untimed`: a visit whose time nobody has told. */
  actions: Record<Action | 'record-visit-untimed', Record<Priority, Duration>>;
}

export const dueRules: DueRules = shipped;

/** When an action is due that is asked for at a moment. */
export function dueAt(
  action: keyof DueRules['actions'],
  priority: Priority,
  from: Date,
  rules: DueRules = dueRules,
): Date {
  return after(from, rules.actions[action][priority], rules);
}
