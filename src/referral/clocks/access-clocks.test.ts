import { expect, it } from 'vitest';
import { dueRules } from '../lifecycle/due.ts';
import { accessClocks, clockEnds } from './access-clocks.ts';

const friday = new Date('2026-05-22T20:00:00Z');

it.each([
  ['crisis', '2026-05-22T23:00:00.000Z'],
  ['urgent-evaluation', '2026-05-27T04:59:59.999Z'],
  ['routine-evaluation', '2026-06-09T04:59:59.999Z'],
  ['comprehensive-evaluation', '2026-07-22T04:59:59.999Z'],
  ['plan-review', '2026-11-23T05:59:59.999Z'],
  ['contact-after-discharge', '2026-05-23T20:00:00.000Z'],
])('%s from the Friday before Memorial Day ends at %s', (code, end) => {
  expect(clockEnds(code, friday, dueRules)?.toISOString()).toBe(end);
});

it('has no clock that is not among these', () => {
  expect(accessClocks.map(one => one.code)).toHaveLength(6);
  expect(() => clockEnds('leisure', friday, dueRules)).toThrow('no clock "leisure"');
});

it('has no end while it is paused without one', () => {
  expect(clockEnds('routine-evaluation', friday, dueRules, [{ start: friday }])).toBeUndefined();
});
