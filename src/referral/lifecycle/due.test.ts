import { describe, expect, it } from 'vitest';
import codeSystem from '../../../terminology/next-action.json' with { type: 'json' };
import { type DueRules, dueAt, dueRules, timesFor } from './due.ts';

const rules: DueRules = {
  ...dueRules,
  timeZone: 'America/Chicago',
  holidays: ['2026-05-25'],
  actions: {
    ...dueRules.actions,
    answer: {
      routine: { businessDays: 1 },
      urgent: { businessHours: 4 },
      asap: { minutes: 30 },
      stat: { businessDays: 0 },
    },
    schedule: {
      routine: { businessDays: 3 },
      urgent: { businessHours: 4 },
      asap: { hours: 2 },
      stat: { hours: 1 },
    },
  },
};

describe('when something is due', () => {
  it.each([
    [
      'a business day later, at the same time of day',
      'answer',
      'routine',
      '2026-05-04T14:00:00Z',
      '2026-05-05T14:00:00.000Z',
    ],
    ['after the weekend', 'answer', 'routine', '2026-05-08T14:00:00Z', '2026-05-11T14:00:00.000Z'],
    ['after the weekend it came in', 'answer', 'routine', '2026-05-09T14:00:00Z', '2026-05-11T14:00:00.000Z'],
    ['after weekend and holiday', 'answer', 'routine', '2026-05-22T14:00:00Z', '2026-05-26T14:00:00.000Z'],
    [
      'by the calendar of the place: Friday evening there',
      'answer',
      'routine',
      '2026-05-09T01:00:00Z',
      '2026-05-12T01:00:00.000Z',
    ],
    [
      'at the same time of day though the clocks change',
      'answer',
      'routine',
      '2026-03-06T16:00:00Z',
      '2026-03-09T15:00:00.000Z',
    ],
    ['three business days later', 'schedule', 'routine', '2026-05-07T14:00:00Z', '2026-05-12T14:00:00.000Z'],
    ['hours run through the night', 'schedule', 'asap', '2026-05-09T03:00:00Z', '2026-05-09T05:00:00.000Z'],
    ['business hours do not', 'answer', 'urgent', '2026-05-09T03:00:00Z', '2026-05-11T17:00:00.000Z'],
    ['as the day ends', 'answer', 'urgent', '2026-05-08T18:00:00Z', '2026-05-08T22:00:00.000Z'],
    ['over the holiday', 'answer', 'urgent', '2026-05-22T20:00:00Z', '2026-05-26T15:00:00.000Z'],
    ['minutes', 'answer', 'asap', '2026-05-09T03:00:00Z', '2026-05-09T03:30:00.000Z'],
    ['at once', 'answer', 'stat', '2026-05-09T03:00:00Z', '2026-05-09T03:00:00.000Z'],
  ] as const)('%s', (_what, action, priority, from, due) => {
    expect(dueAt(action, priority, new Date(from), rules).toISOString()).toBe(due);
  });
});

describe('the hours of work that somebody has', () => {
  const friday = new Date('2026-05-08T23:00:00Z');
  const own: DueRules = {
    ...rules,
    organizations: {
      shelter: { weekend: [], holidays: [], officeHours: { start: '00:00', end: '24:00' } },
      early: { officeHours: { start: '06:30', end: '14:00' } },
    },
    programs: { 'https://example.org|evening': { officeHours: { start: '12:00', end: '20:00' } } },
  };

  it.each([
    ['the network’s', {}, '2026-05-11T17:00:00.000Z'],
    ['its own', { organization: 'early' }, '2026-05-11T15:30:00.000Z'],
    ['at every hour, which is elapsed time', { organization: 'shelter' }, '2026-05-09T03:00:00.000Z'],
    ['a program’s', { programs: ['https://example.org|evening'] }, '2026-05-11T19:00:00.000Z'],
    ['by its own time zone', { timeZone: 'Pacific/Honolulu' }, '2026-05-09T03:00:00.000Z'],
  ])('%s', (_what, whose, due) => {
    expect(dueAt('answer', 'urgent', friday, timesFor(own, whose)).toISOString()).toBe(due);
  });
});

describe('the rules that are shipped', () => {
  it('count what is urgent while people are at work, and what is more urgent through the night', () => {
    for (const action of Object.keys(dueRules.actions) as (keyof DueRules['actions'])[]) {
      const { urgent, asap, stat } = dueRules.actions[action];
      expect(urgent.hours, action).toBeUndefined();
      expect([asap.businessHours, stat.businessHours], action).toEqual([undefined, undefined]);
    }
    const fridayEvening = new Date('2026-05-09T00:00:00Z');
    expect(dueAt('answer', 'urgent', fridayEvening).toISOString()).toBe('2026-05-11T17:00:00.000Z');
    expect(dueAt('answer', 'asap', fridayEvening).toISOString()).toBe('2026-05-09T01:00:00.000Z');
  });

  it('have a time for every action of the code system, and for no other', () => {
    const actions = codeSystem.concept.map(one => one.code);
    expect(
      Object.keys(dueRules.actions)
        .filter(one => one !== 'record-visit-untimed')
        .sort(),
    ).toEqual(actions.sort());
  });

  it('never let somebody wait without an end, and the urgent not longer than others', () => {
    const monday = new Date('2026-05-04T14:00:00Z');
    for (const action of Object.keys(dueRules.actions) as (keyof DueRules['actions'])[]) {
      const times = (['stat', 'asap', 'urgent', 'routine'] as const).map(priority =>
        dueAt(action, priority, monday).getTime(),
      );
      expect(times[0], action).toBeGreaterThan(monday.getTime());
      expect(times, action).toEqual([...times].sort((a, b) => a - b));
    }
  });
});
