import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueRules } from '../lifecycle/due.ts';
import { after, type Calendar, type Duration, endOfDay } from './calendar.ts';

interface Case {
  what: string;
  timeZone: string;
  from: string;
  /** `hours=1 minutes=30` */
  duration: string;
  /** `start/end;start/end`; without an end the pause lasts. */
  pauses: string;
  /** Empty: nothing is due. */
  due: string;
}

/** Worked out by another program, a day and a minute at a time. */
const cases: Case[] = parse(readFileSync('test/cases/due-dates.csv'), { columns: true });

const durationOf = (text: string): Duration =>
  Object.fromEntries(text.split(' ').map(part => [part.split('=')[0], Number(part.split('=')[1])]));

const pausesOf = (text: string) =>
  text
    .split(';')
    .filter(one => one !== '')
    .map(one => {
      const [start = '', end] = one.split('/');
      return { start: new Date(start), ...(end ? { end: new Date(end) } : {}) };
    });

const calendar: Calendar = dueRules;

describe('when time is over', () => {
  it.each(cases.map(one => ({ ...one, pause: one.pauses || 'without a pause' })))(
    '$duration: $what ($from, $timeZone, $pause)',
    ({ timeZone, from, duration, pauses, due }) => {
      const at = after(new Date(from), durationOf(duration), { ...calendar, timeZone }, pausesOf(pauses));
      expect(at?.toISOString() ?? '').toBe(due);
    },
  );

  it('has cases of every kind', () => {
    const kinds = new Set(cases.map(one => one.duration.replace(/=\d+/g, '')));
    expect([...kinds].sort()).toEqual([
      'businessDays',
      'businessHours',
      'days',
      'hours',
      'hours minutes',
      'minutes',
      'months',
    ]);
    expect(cases.length).toBeGreaterThan(250);
  });
});

const moment = fc.date({ min: new Date('2025-01-01'), max: new Date('2029-01-01'), noInvalidDate: true });
const zone = fc.constantFrom('America/Chicago', 'America/Phoenix', 'Pacific/Honolulu', 'Asia/Kathmandu');
const duration = fc.oneof(
  fc.record({ hours: fc.nat(100) }),
  fc.record({ businessHours: fc.nat(60) }),
  fc.record({ businessDays: fc.nat(30) }),
  fc.record({ days: fc.nat(90) }),
);

it('is never earlier with a pause than without one', () => {
  fc.assert(
    fc.property(
      moment,
      zone,
      duration,
      fc.nat(10_000),
      fc.nat(10_000),
      (from, timeZone, time, wait, length) => {
        const at = { ...calendar, timeZone };
        const start = new Date(from.getTime() + wait * 60_000);
        const end = new Date(start.getTime() + length * 60_000);
        const plain = after(from, time, at);
        const paused = after(from, time, at, [{ start, end }]);
        expect(paused?.getTime()).toBeGreaterThanOrEqual(plain.getTime());
      },
    ),
  );
});

it.each([
  ['2026-05-04T14:00:00Z', 'America/Chicago', '2026-05-05T04:59:59.999Z'],
  ['2026-05-05T04:59:59Z', 'America/Chicago', '2026-05-05T04:59:59.999Z'],
  ['2026-05-05T05:00:00Z', 'America/Chicago', '2026-05-06T04:59:59.999Z'],
  ['2026-03-08T12:00:00Z', 'America/Chicago', '2026-03-09T04:59:59.999Z'],
  ['2026-11-01T12:00:00Z', 'America/Chicago', '2026-11-02T05:59:59.999Z'],
  ['2026-05-04T14:00:00Z', 'Pacific/Honolulu', '2026-05-05T09:59:59.999Z'],
])('the day of %s in %s ends at %s', (at, timeZone, end) => {
  expect(endOfDay(new Date(at), timeZone).toISOString()).toBe(end);
});
