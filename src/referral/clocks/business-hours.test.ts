/// <reference lib="esnext.temporal" />
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueRules } from '../lifecycle/due.ts';
import { type Calendar, dateAt, isBusinessDay, after as momentAfter } from './calendar.ts';

const hourMs = 3_600_000;
const [office, always, early] = [
  { start: '08:00', end: '17:00' },
  { start: '00:00', end: '24:00' },
  // Through the hour that the clocks skip, or have twice, where people work on Sundays.
  { start: '01:30', end: '10:15' },
];

const moment = fc.date({ min: new Date('2025-01-01'), max: new Date('2029-01-01'), noInvalidDate: true });
const calendar: fc.Arbitrary<Calendar> = fc.record({
  timeZone: fc.constantFrom('America/Chicago', 'Pacific/Honolulu', 'Asia/Kathmandu', 'Australia/Lord_Howe'),
  weekend: fc.constantFrom(dueRules.weekend, [], ['friday']),
  holidays: fc.constantFrom(dueRules.holidays, [], ['2026-05-25']),
  officeHours: fc.constantFrom(office, always, early),
});
const amount = fc.nat(60);
const businessHours = (from: Date, hours: number, at: Calendar) =>
  momentAfter(from, { businessHours: hours }, at).getTime();

const isOpen = (at: number, place: Calendar): boolean => {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(place.timeZone);
  const { start, end } = place.officeHours;
  const time = local.toPlainTime().toString({ smallestUnit: 'millisecond' });
  return (
    isBusinessDay(dateAt(new Date(at), place.timeZone), place) && time >= start && time <= `${end}:00.000`
  );
};

describe('business hours', () => {
  it('are over never earlier than hours, and only while the place works or as it closes', () => {
    fc.assert(
      fc.property(moment, calendar, amount, (from, at, hours) => {
        const due = businessHours(from, hours, at);
        expect(due).toBeGreaterThanOrEqual(from.getTime() + hours * hourMs);
        if (hours > 0) expect(isOpen(due, at) || isOpen(due - 1, at)).toBe(true);
      }),
    );
  });

  it('are hours where a place works at all hours', () => {
    const open = { ...dueRules, weekend: [], holidays: [], officeHours: always };
    fc.assert(
      fc.property(moment, amount, (from, hours) => {
        expect(businessHours(from, hours, open)).toBe(from.getTime() + hours * hourMs);
      }),
    );
  });

  it('are not over sooner for who begins later', () => {
    fc.assert(
      fc.property(moment, calendar, amount, fc.nat(200 * 60), (from, at, hours, minutes) => {
        const later = new Date(from.getTime() + minutes * 60_000);
        expect(businessHours(later, hours, at)).toBeGreaterThanOrEqual(businessHours(from, hours, at));
      }),
    );
  });

  it('are the same at once or one after the other', () => {
    fc.assert(
      fc.property(moment, calendar, amount, fc.integer({ min: 1, max: 60 }), (from, at, first, second) => {
        const between = new Date(businessHours(from, first, at));
        expect(businessHours(between, second, at)).toBe(businessHours(from, first + second, at));
      }),
    );
  });

  it('go on after a pause, however long, with what was left', () => {
    fc.assert(
      fc.property(
        moment,
        calendar,
        fc.integer({ min: 1, max: 60 }),
        fc.nat(200),
        fc.nat(9000),
        (from, at, hours, wait, length) => {
          const start = new Date(from.getTime() + wait * hourMs);
          const end = new Date(start.getTime() + length * hourMs);
          const paused = momentAfter(from, { businessHours: hours }, at, [{ start, end }])?.getTime() ?? 0;
          const plain = businessHours(from, hours, at);
          const anew = businessHours(end, hours, at);
          const over = plain <= start.getTime();
          // Nothing had run where the pause began at once; otherwise less is left than it would be anew.
          const least = wait === 0 ? anew : Math.max(plain, end.getTime());
          expect(paused).toBeGreaterThanOrEqual(over ? plain : least);
          expect(paused).toBeLessThanOrEqual(over ? plain : anew);
        },
      ),
    );
  });

  it('are never over while a pause lasts that began before', () => {
    fc.assert(
      fc.property(moment, calendar, amount, fc.nat(200), (from, at, hours, wait) => {
        const start = new Date(from.getTime() + wait * hourMs);
        const plain = businessHours(from, hours, at);
        const due = momentAfter(from, { businessHours: hours }, at, [{ start }])?.getTime();
        expect(due).toBe(plain <= start.getTime() ? plain : undefined);
      }),
    );
  });

  it('of a day that the clocks make shorter or longer are those that there are', () => {
    const sunday = { ...dueRules, weekend: [], holidays: [], officeHours: { start: '00:00', end: '06:00' } };
    expect(momentAfter(new Date('2026-03-08T06:00:00Z'), { businessHours: 6 }, sunday).toISOString()).toBe(
      '2026-03-09T06:00:00.000Z',
    );
    expect(momentAfter(new Date('2026-11-01T05:00:00Z'), { businessHours: 7 }, sunday).toISOString()).toBe(
      '2026-11-01T12:00:00.000Z',
    );
  });
});
