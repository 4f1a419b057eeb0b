import { describe, expect, it } from 'vitest';
import {
  daysLeft,
  gapsOf,
  type Leaver,
  leavingWords,
  nextStepFor,
  type Placement,
  pressing,
  type Standing,
  visitDaysWords,
  worstFirst,
} from './leaver.ts';

const at = new Date('2026-03-05T18:00:00Z');

const leaver = (about: Partial<Leaver> = {}): Leaver => ({
  patient: 'p',
  stay: 's',
  name: 'Ann Example',
  referrals: [],
  ...about,
});

const referral = (standing: Standing): Placement => ({
  task: `task-${standing}`,
  request: `request-${standing}`,
  need: 'Case management',
  place: 'Northside',
  status: 'words',
  standing,
});

const leaves = (days: number) => ({ leaving: { at, left: false, days } });
const left = (daysAgo: number) => ({ leaving: { at, left: true, days: -daysAgo } });
const visit = (state: 'booked' | 'kept' | 'missed') => ({ visit: { at, state } });
const referred = (...standings: Standing[]) => ({ referrals: standings.map(referral) });

describe('what is missing, and what to do next', () => {
  it.each<[string, Partial<Leaver>, string[], string, string | undefined]>([
    ['nobody has begun', leaves(4), ['no-referral'], 'attention', '/refer?patient=p'],
    ['nobody has begun, and they leave tomorrow', leaves(1), ['no-referral'], 'late', '/refer?patient=p'],
    ['nothing is known at all', {}, ['no-referral', 'no-date'], 'attention', '/refer?patient=p'],
    [
      'asked, no visit yet',
      { ...leaves(3), ...referred('asked') },
      ['no-visit'],
      'attention',
      '/referrals/task-asked',
    ],
    [
      'a draft: who is not asked books nothing',
      { ...leaves(3), ...referred('draft') },
      ['not-sent'],
      'attention',
      '/refer/request-draft',
    ],
    [
      'declined by all',
      { ...leaves(3), ...referred('choose') },
      ['choose-again'],
      'attention',
      '/referrals/task-choose',
    ],
    [
      'declined by all, another one asked',
      { ...leaves(3), ...referred('choose', 'asked') },
      ['choose-again', 'no-visit'],
      'attention',
      '/referrals/task-choose',
    ],
    [
      'a question waits',
      { ...leaves(3), ...visit('booked'), ...referred('question') },
      ['question'],
      'attention',
      '/referrals/task-question',
    ],
    [
      'taken and booked',
      { ...leaves(3), ...visit('booked'), ...referred('taken') },
      [],
      'none',
      '/referrals/task-taken',
    ],
    [
      'taken and booked, and they leave today',
      { ...leaves(0), ...visit('booked'), ...referred('taken') },
      [],
      'none',
      '/patients/p/stays/s',
    ],
    [
      'all is well, but the day is over',
      { ...leaves(-1), ...visit('booked'), ...referred('taken') },
      ['not-recorded'],
      'late',
      '/patients/p/stays/s',
    ],
    ['no day yet, taken', referred('taken'), ['no-date'], 'attention', '/patients/p/stays/s'],
    [
      'left, no visit',
      { ...left(2), ...referred('taken') },
      ['no-visit'],
      'attention',
      '/referrals/task-taken',
    ],
    [
      'left, one day is left for the visit',
      { ...left(6), ...referred('taken') },
      ['no-visit'],
      'late',
      '/referrals/task-taken',
    ],
    [
      'left, the visit was missed',
      { ...left(2), ...visit('missed'), ...referred('taken') },
      ['visit-missed'],
      'attention',
      '/referrals/task-taken',
    ],
    ['left, and nobody was asked', left(1), ['no-referral', 'no-visit'], 'attention', '/refer?patient=p'],
    [
      'left, and what was asked for is done, but it was no visit',
      { ...left(1), ...referred('done') },
      ['no-visit'],
      'attention',
      '/refer?patient=p',
    ],
    [
      'left, booked',
      { ...left(1), ...visit('booked'), ...referred('taken') },
      [],
      'none',
      '/referrals/task-taken',
    ],
  ])('%s', (_, about, gaps, tone, path) => {
    const one = leaver(about);
    expect(gapsOf(one)).toEqual(gaps);
    expect(pressing(one)).toBe(tone);
    expect(nextStepFor(one)?.path).toBe(path);
  });
});

it('the worst comes first: something missing, then fewest days left, then more missing, then by name', () => {
  const people = [
    leaver({ name: 'all in place, leaves tomorrow', ...leaves(1), ...visit('booked'), ...referred('taken') }),
    leaver({ name: 'nobody knows when', ...referred('draft') }),
    leaver({ name: 'leaves in 3 days, asked', ...leaves(3), ...referred('asked') }),
    leaver({ name: 'left 5 days ago, 2 are left', ...left(5), ...referred('taken') }),
    leaver({ name: 'leaves in 2 days: b', ...leaves(2) }),
    leaver({ name: 'leaves in 2 days: a', ...leaves(2) }),
    leaver({ name: 'the day is over', ...leaves(-2), ...referred('asked') }),
    leaver({ name: 'left 7 days ago: the last day', ...left(7), ...referred('taken') }),
    leaver({
      name: 'leaves in 3 days, declined by all and not sent',
      ...leaves(3),
      ...referred('choose', 'draft'),
    }),
    leaver({ name: 'nobody knows when, nor whereto' }),
  ];
  expect(people.toSorted(worstFirst).map(({ name }) => name)).toEqual([
    'the day is over',
    'left 7 days ago: the last day',
    'leaves in 2 days: a',
    'leaves in 2 days: b',
    'left 5 days ago, 2 are left',
    'leaves in 3 days, declined by all and not sent',
    'leaves in 3 days, asked',
    'nobody knows when',
    'nobody knows when, nor whereto',
    'all in place, leaves tomorrow',
  ]);
});

it('the order is one: turned around it is the other way', () => {
  const people = [leaver(), leaver(leaves(1)), leaver(left(3)), leaver({ name: 'B' })];
  for (const a of people)
    for (const b of people) expect(Math.sign(worstFirst(a, b)) + Math.sign(worstFirst(b, a))).toBe(0);
});

it.each([
  [undefined, 'No day yet', Number.POSITIVE_INFINITY],
  [leaves(0).leaving, 'Leaves today', 0],
  [leaves(1).leaving, 'Leaves tomorrow', 1],
  [leaves(5).leaving, 'Leaves in 5 days', 5],
  [leaves(-1).leaving, 'Was to leave yesterday', -1],
  [leaves(-3).leaving, 'Was to leave 3 days ago', -3],
  [left(0).leaving, 'Left today', 7],
  [left(1).leaving, 'Left yesterday', 6],
  [left(7).leaving, 'Left 7 days ago', 0],
])('%j: %s, %d days are left', (leaving, words, days) => {
  expect(leavingWords(leaving)).toBe(words);
  expect(daysLeft(leaving ? { leaving } : {})).toBe(days);
});

it.each([
  [0, 'Last day for the first visit'],
  [1, '1 day left for the first visit'],
  [4, '4 days left for the first visit'],
])('%d days: %s', (days, words) => expect(visitDaysWords(days)).toBe(words));
