import { z } from 'zod';
import { dayNames } from './clocks/holidays.ts';
import { isZone } from './clocks/time-zone.ts';
import type { EscalationRules } from './escalation/ladder.ts';
import type { DueRules, Priority, TimedAction } from './lifecycle/due.ts';
import { dueRules } from './lifecycle/due.ts';

const whole = z.int().min(0);
const duration = z
  .strictObject({
    minutes: whole,
    hours: whole,
    businessHours: whole,
    businessDays: whole,
    days: whole,
    months: whole,
  })
  .partial()
  .refine(
    one => Object.keys(one).length === 1,
    'must have exactly one of minutes, hours, businessHours, businessDays, days, months',
  );
const weekday = z.enum(dayNames as [string, ...string[]]);
const month = z.int().min(1).max(12);
const holiday = z.union([
  z.iso.date(),
  z.strictObject({ name: z.string(), month, day: z.int().min(1).max(31), observed: z.boolean().optional() }),
  z.strictObject({
    name: z.string(),
    month,
    weekday,
    nth: z.union([z.literal(-1), z.int().min(1).max(5)]),
  }),
]);
const officeHours = z
  .strictObject({
    start: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time from 00:00 to 23:59'),
    end: z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'must be a time from 00:00 to 24:00'),
  })
  .refine(({ start, end }) => start < end, 'must start before they end, on the same day');
const calendar = {
  timeZone: z.string().refine(isZone, 'must be an IANA time zone such as America/Chicago'),
  weekend: z.array(weekday).max(6, 'must leave at least one day of work'),
  holidays: z.array(holiday),
  officeHours,
};

const priorities = ['routine', 'urgent', 'asap', 'stat'] as const satisfies readonly Priority[];
const actions = Object.keys(dueRules.actions) as [TimedAction, ...TimedAction[]];
const times = z.record(z.enum(priorities), duration);
const own = z.strictObject({
  ...calendar,
  actions: z.partialRecord(z.enum(actions), z.partialRecord(z.enum(priorities), duration)),
});
const ownByName = z.record(z.string(), own.partial()).optional();
const published = { id: z.string(), version: z.string(), title: z.string(), description: z.string() };

const due = z.strictObject({
  ...published,
  ...calendar,
  parallelOffers: z.int().min(1).max(50),
  actions: z.record(z.enum(actions), times),
  organizations: ownByName,
  programs: ownByName,
});

const rung = z.enum([
  'reminder',
  'supervisor',
  'outreach',
  'receiver',
  'next-candidate',
  'source',
  'network',
]);
const rungs = z.array(
  z.union([
    z.strictObject({ rung, after: duration }),
    z.strictObject({ rung, share: z.number().min(0).max(1) }),
  ]),
);
const nextActions = actions.filter(one => one !== 'record-visit-untimed');
const ladder = z.strictObject({
  actions: z.array(z.enum(nextActions as [string, ...string[]])).min(1),
  ...Object.fromEntries(priorities.map(one => [one, rungs])),
});

/** Every way up ends where somebody beside the one who does not act is told, so that nothing rests for ever. */
const escalation = z.strictObject({ ...published, ladders: z.array(ladder) }).refine(
  ({ ladders }) => {
    const named = ladders.flatMap(one => one.actions);
    return named.length === nextActions.length && nextActions.every(one => named.includes(one));
  },
  `must have each of ${nextActions.join(', ')} in one ladder`,
);

/** The rule packs that an operator may replace, by the name of their file in `terminology/`. */
export const rulePacks = { 'referral-due': due, escalation } as const;

/** The rules that the clocks of referrals go by. */
export interface ReferralRules {
  due: DueRules;
  escalation: EscalationRules;
}
