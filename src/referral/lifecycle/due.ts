/// <reference lib="esnext.temporal" />
import shipped from '../../../terminology/referral-due.json' with { type: 'json' };

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

/** One of the three. Minutes and hours run through nights and weekends, business days do not. */
export interface Duration {
  minutes?: number;
  hours?: number;
  businessDays?: number;
}

/** The rule pack `terminology/referral-due.json`: how long each action may take, by priority. */
export interface DueRules {
  /** IANA name; business days keep the time of day there. */
  timeZone: string;
  /** English names of days, lower case. */
  weekend: readonly string[];
  /** Calendar dates, `2026-12-25`. */
  holidays: readonly string[];
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
  const { minutes = 0, hours = 0, businessDays } = rules.actions[action][priority];
  if (businessDays !== undefined) return addBusinessDays(from, businessDays, rules);
  return new Date(from.getTime() + (hours * 60 + minutes) * 60_000);
}

const dayNames = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

function addBusinessDays(from: Date, days: number, rules: DueRules): Date {
  let moment = Temporal.Instant.fromEpochMilliseconds(from.getTime()).toZonedDateTimeISO(rules.timeZone);
  for (let left = days; left > 0; ) {
    moment = moment.add({ days: 1 });
    const rests = rules.weekend.includes(dayNames[moment.dayOfWeek - 1] ?? '');
    if (!rests && !rules.holidays.includes(moment.toPlainDate().toString())) left--;
  }
  return new Date(moment.epochMilliseconds);
}
