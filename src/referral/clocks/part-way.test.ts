import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueRules } from '../lifecycle/due.ts';
import { after } from './calendar.ts';
import { partWay } from './part-way.ts';

const atWork = { businessHours: 4 };

describe('a part of a time', () => {
  it.each([
    [
      'business hours of one day',
      0.5,
      '2026-05-04T14:00:00Z',
      '2026-05-04T18:00:00Z',
      '2026-05-04T16:00:00.000Z',
    ],
    [
      'over a night, before it',
      0.5,
      '2026-05-08T19:00:00Z',
      '2026-05-11T14:00:00Z',
      '2026-05-08T21:00:00.000Z',
    ],
    [
      'over a night, as the day ends',
      0.75,
      '2026-05-08T19:00:00Z',
      '2026-05-11T14:00:00Z',
      '2026-05-08T22:00:00.000Z',
    ],
    [
      'over a weekend, after it',
      0.5,
      '2026-05-09T00:00:00Z',
      '2026-05-11T17:00:00Z',
      '2026-05-11T15:00:00.000Z',
    ],
    [
      'a Sunday, on which nobody works',
      0.5,
      '2026-05-10T14:00:00Z',
      '2026-05-10T18:00:00Z',
      '2026-05-10T16:00:00.000Z',
    ],
  ])('%s', (_what, share, from, until, at) => {
    expect(partWay(share, [new Date(from), new Date(until)], atWork, dueRules).toISOString()).toBe(at);
  });

  it('of any other unit is the part of it that passes', () => {
    const whole: [Date, Date] = [new Date('2026-05-08T19:00:00Z'), new Date('2026-05-11T19:00:00Z')];
    expect(partWay(0.5, whole, { businessDays: 1 }, dueRules).toISOString()).toBe('2026-05-10T07:00:00.000Z');
  });

  it('is within it, and the whole of business hours is the whole', () => {
    const moment = fc.date({ min: new Date('2025-01-01'), max: new Date('2029-01-01'), noInvalidDate: true });
    const share = fc.integer({ min: 0, max: 100 }).map(percent => percent / 100);
    fc.assert(
      fc.property(moment, fc.integer({ min: 1, max: 40 }), share, (from, businessHours, part) => {
        const until = after(from, { businessHours }, dueRules);
        const at = (some: number) => partWay(some, [from, until], { businessHours }, dueRules).getTime();
        expect(at(part)).toBeGreaterThanOrEqual(from.getTime());
        expect(at(part)).toBeLessThanOrEqual(until.getTime());
        expect(at(1)).toBe(until.getTime());
      }),
    );
  });
});
