import { describe, expect, it } from 'vitest';
import codeSystem from '../../../terminology/next-action.json' with { type: 'json' };
import { type DueRules, dueAt, dueRules } from './due.ts';

const rules: DueRules = {
  ...dueRules,
  timeZone: 'America/Chicago',
  holidays: ['2026-05-25'],
  actions: {
    ...dueRules.actions,
    answer: {
      routine: { businessDays: 1 },
      urgent: { hours: 4 },
      asap: { minutes: 30 },
      stat: { businessDays: 0 },
    },
    schedule: { routine: { businessDays: 3 }, urgent: { hours: 4 }, asap: { hours: 2 }, stat: { hours: 1 } },
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
    ['hours run through the night', 'answer', 'urgent', '2026-05-09T03:00:00Z', '2026-05-09T07:00:00.000Z'],
    ['minutes', 'answer', 'asap', '2026-05-09T03:00:00Z', '2026-05-09T03:30:00.000Z'],
    ['at once', 'answer', 'stat', '2026-05-09T03:00:00Z', '2026-05-09T03:00:00.000Z'],
  ] as const)('%s', (_what, action, priority, from, due) => {
    expect(dueAt(action, priority, new Date(from), rules).toISOString()).toBe(due);
  });
});

describe('the rules that are shipped', () => {
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
