import { expect, it } from 'vitest';
import { daysAhead, daysOf } from './days.ts';
import type { Leaver } from './leaver.ts';

const at = new Date(0);
const leaver = (days: number, more: Partial<Leaver> = {}): Leaver => ({
  patient: 'p',
  stay: 's',
  name: 'n',
  referrals: [],
  leaving: { at, left: false, days },
  ...more,
});
const booked = { visit: { at, state: 'booked' as const } };

it('counts who leaves on each day at the facility, with and without a visit', () => {
  const people = [
    leaver(0),
    leaver(2, booked),
    leaver(2),
    leaver(2, { visit: { at, state: 'missed' } }),
    leaver(daysAhead),
    leaver(-1),
    leaver(0, { leaving: { at, left: true, days: 0 } }),
    { patient: 'p', stay: 's', name: 'nobody knows when', referrals: [] },
  ];
  // In the evening of 4 March at the facility it is the 5th already in UTC.
  const days = daysOf(people, new Date('2026-03-05T03:00:00Z'), 'America/Chicago');
  expect(days).toHaveLength(daysAhead);
  expect(days[0]).toMatchObject({ withVisit: 0, without: 1 });
  expect(days[0]?.date.toString()).toBe('2026-03-04');
  expect(days[2]).toMatchObject({ withVisit: 1, without: 2 });
  expect(days.reduce((all, { withVisit, without }) => all + withVisit + without, 0)).toBe(4);
});
