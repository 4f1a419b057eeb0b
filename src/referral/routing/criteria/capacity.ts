import type { CapacityStatus } from '../directory-entries.ts';
import { type Criterion, counts, day, daysUntil, excludes } from './criterion.ts';
import { paceOf } from './pace.ts';

const said: Record<CapacityStatus, string> = {
  capacity: 'Has room for new people',
  'additional-assessment-required': 'Can say only after an assessment whether it has room',
  waitlist: 'Has a waiting list',
  'no-capacity': 'Has no room for new people',
};

/** What the service says of its capacity, as long as the news is fresh. */
export const capacity: Criterion = (need, candidate, { rules, now }) => {
  const fact = candidate.capacity;
  if (!fact) {
    return counts(rules.unknown, 'Does not say whether it has room: ask.');
  }
  const { status, confirmed } = fact;
  if (!confirmed || -daysUntil(confirmed, now) > rules.capacityBelievedDays) {
    const when = confirmed ? `since ${day(confirmed)}` : 'ever';
    return counts(rules.unknown, `Whether it has room has not been confirmed ${when}: ask.`);
  }
  const value = rules.capacity[paceOf(need.priority)][status];
  const words = `${said[status]} (as of ${day(confirmed)})`;
  return value === 'exclude'
    ? excludes(`${words}.`, status === 'waitlist' ? 'waiting were possible' : 'it had room')
    : counts(value, `${words}.`);
};
