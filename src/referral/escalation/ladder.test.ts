import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueRules, mayCountAtWork, type Priority } from '../lifecycle/due.ts';
import type { NextStep } from '../lifecycle/next-step.ts';
import type { Climbed } from './climbed.ts';
import { escalationRules, mayBeDue, rungsDue } from './ladder.ts';

const hour = 3_600_000;
const begin = Date.parse('2026-03-02T15:00:00Z');
const at = (hours: number) => new Date(begin + hours * hour);

function step(action: NextStep['action'], dueIn: number): NextStep {
  return { turn: 'north', action, due: at(dueIn).toISOString() };
}

const reminded = (one: NextStep): Climbed => ({
  rung: 'supervisor',
  action: one.action,
  due: one.due,
  at: one.due,
});

describe('whether a rung may be due is told without reading anything', () => {
  const answer = step('answer', 8);
  const reschedule = step('reschedule', 8);
  it.each([
    ['before three quarters of the time', answer, [], 5.9, false],
    ['at three quarters of the time', answer, [], 6, true],
    ['after the only rung was climbed', answer, [reminded(answer)], 7, false],
    ['where that was for another time due', answer, [{ ...reminded(answer), due: 'x' }], 7, true],
    ['before it is due', reschedule, [], 7.9, false],
    ['when it is due', reschedule, [], 8, true],
  ] as const)('%s', (_, next, climbed, hours, may) => {
    expect(mayBeDue({ step: next, asked: at(0), climbed, atWork: false }, escalationRules, at(hours))).toBe(
      may,
    );
  });

  it('nor misses a share of business hours that is over on the first of two days', () => {
    // From Monday 9:00 until Tuesday 9:00: three quarters of nine hours at work are over at 15:45.
    const waits = { step: step('answer', 24), asked: at(0), climbed: [] };
    const told = (hours: number) =>
      rungsDue({ ...waits, priority: 'urgent' }, dueRules, escalationRules, at(hours));
    expect([told(6.7), told(6.75)]).toEqual([[], ['supervisor']]);
    expect(mayBeDue({ ...waits, atWork: true }, escalationRules, at(6.75))).toBe(true);
  });

  it.each([
    // Due on Friday at 17:00: what comes after it is told when people are at work again.
    ['2026-03-09T14:59:00Z', 'urgent', ['reminder']],
    ['2026-03-09T15:00:00Z', 'urgent', ['reminder', 'supervisor']],
    ['2026-03-09T17:00:00Z', 'urgent', ['reminder', 'supervisor', 'source']],
    ['2026-03-06T23:30:00Z', 'asap', ['reminder', 'supervisor']],
    ['2026-03-07T00:00:00Z', 'asap', ['reminder', 'supervisor', 'source']],
  ] as const)('at %s what is %s and due on Friday evening has climbed so far', (now, priority, rungs) => {
    const late = { ...step('schedule', 0), due: '2026-03-06T23:00:00.000Z' };
    const waits = { step: late, asked: at(0), climbed: [], priority };
    expect(rungsDue(waits, dueRules, escalationRules, new Date(now))).toEqual(rungs);
  });

  it('and never misses one that is', () => {
    const actions = escalationRules.ladders.flatMap(ladder => ladder.actions);
    const anyOverdue = fc.record({
      action: fc.constantFrom(...actions),
      priority: fc.constantFrom<Priority>('routine', 'urgent', 'asap', 'stat'),
      dueIn: fc.integer({ min: 0, max: 200 }),
      now: fc.integer({ min: 0, max: 400 }),
      climbed: fc.boolean(),
    });
    fc.assert(
      fc.property(anyOverdue, ({ action, priority, dueIn, now, climbed }) => {
        const next = step(action, dueIn);
        const waits = { step: next, asked: at(0), climbed: climbed ? [reminded(next)] : [] };
        const due = rungsDue({ ...waits, priority }, dueRules, escalationRules, at(now));
        const atWork = mayCountAtWork(dueRules, action, priority);
        return due.length === 0 || mayBeDue({ ...waits, atWork }, escalationRules, at(now));
      }),
    );
  });
});
