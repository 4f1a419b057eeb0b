import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateValue } from './date.ts';
import { numberRange } from './number.ts';
import { quantityValue } from './quantity.ts';
import { splitAt, unescapeValue } from './separators.ts';
import { tokenValue } from './token.ts';

describe('numbers', () => {
  it.each([
    ['100', 'eq', 99.5, 100.5],
    ['100.00', 'eq', 99.995, 100.005],
    ['1e2', 'eq', 95, 105],
    ['5.4', 'eq', 5.35, 5.45],
    ['-5', 'eq', -5.5, -4.5],
    ['0', 'ne', -0.5, 0.5],
  ])('%s is from %s %d to below %d', (text, prefix, lo, end) => {
    const range = numberRange(prefix === 'ne' ? `ne${text}` : text);
    expect(range).toMatchObject({ prefix, lo });
    expect(range?.hi).toBeLessThan(end);
    expect(range?.hi).toBeCloseTo(end, 10);
  });

  it.each([
    ['gt100', { prefix: 'gt', lo: 100, hi: 100 }],
    ['le-2.50', { prefix: 'le', lo: -2.5, hi: -2.5 }],
    ['sa1e-3', { prefix: 'sa', lo: 0.001, hi: 0.001 }],
    ['ap100', { prefix: 'ap', lo: 90, hi: 110 }],
    ['ap-100', { prefix: 'ap', lo: -110, hi: -90 }],
  ])('%s', (text, expected) => {
    expect(numberRange(text)).toEqual(expected);
  });

  it.each(['', 'abc', '1,5', '1.', '.5', '0x10', 'eqq1', '1e999', 'NaN', ' 1', '1e', '--1'])(
    '%j is no number',
    text => {
      expect(numberRange(text)).toBeUndefined();
    },
  );

  it('always holds the number itself', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e12, max: 1e12 }), value => {
        const range = numberRange(value.toString());
        return range !== undefined && range.lo <= value && value <= range.hi;
      }),
    );
  });
});

describe('dates', () => {
  const now = Date.parse('2026-03-11T00:00:00Z');
  const at = (text: string) => Date.parse(text);

  it.each([
    ['2026', '2026-01-01T00:00:00Z', '2026-12-31T23:59:59.999Z'],
    ['2026-02', '2026-02-01T00:00:00Z', '2026-02-28T23:59:59.999Z'],
    ['2024-02-29', '2024-02-29T00:00:00Z', '2024-02-29T23:59:59.999Z'],
    ['2026-03-01T10:30', '2026-03-01T10:30:00Z', '2026-03-01T10:30:59.999Z'],
    ['2026-03-01T10:30:15', '2026-03-01T10:30:15Z', '2026-03-01T10:30:15.999Z'],
    ['2026-03-01T10:30:15.5Z', '2026-03-01T10:30:15.500Z', '2026-03-01T10:30:15.599Z'],
    ['2026-03-01T10:30:15.123Z', '2026-03-01T10:30:15.123Z', '2026-03-01T10:30:15.123Z'],
    ['2026-03-01T10:30:00-05:00', '2026-03-01T15:30:00Z', '2026-03-01T15:30:00.999Z'],
    ['2026-03-01T10:30:00 05:30', '2026-03-01T05:00:00Z', '2026-03-01T05:00:00.999Z'],
  ])('%s is from %s to %s', (text, lo, hi) => {
    expect(dateValue(text, now)).toEqual({ prefix: 'eq', lo: at(lo), hi: at(hi) });
  });

  it('reads prefixes, and widens `ap` by a tenth of the distance from now', () => {
    expect(dateValue('ge2026-03-01', now)).toMatchObject({ prefix: 'ge' });
    expect(dateValue('ap2026-03-01', now)).toEqual({
      prefix: 'ap',
      lo: at('2026-02-28T00:00:00Z'),
      hi: at('2026-03-02T23:59:59.999Z'),
    });
  });

  it.each([
    '',
    '26',
    '2026-13',
    '2026-00',
    '2026-02-30',
    '2026-3-1',
    '2026-03-01T',
    '2026-03-01T25:00',
    'xx2026',
  ])('%j is no date', text => {
    expect(dateValue(text, now)).toBeUndefined();
  });
});

describe('tokens and quantities', () => {
  it.each([
    ['a', { sys: null, code: 'a' }],
    ['s|a', { sys: 's', code: 'a' }],
    ['|a', { sys: '', code: 'a' }],
    ['s|', { sys: 's', code: null }],
    ['s|a|b', undefined],
    ['|', undefined],
    ['', undefined],
  ])('%j', (text, expected) => {
    expect(tokenValue(text)).toEqual(expected);
  });

  it.each([
    ['gt5', { prefix: 'gt', lo: 5, hi: 5, sys: null, code: null }],
    ['gt5||mg', { prefix: 'gt', lo: 5, hi: 5, sys: null, code: 'mg' }],
    ['gt5|s|mg', { prefix: 'gt', lo: 5, hi: 5, sys: 's', code: 'mg' }],
    ['gt5|s|', { prefix: 'gt', lo: 5, hi: 5, sys: 's', code: null }],
    ['gt5|mg', undefined],
    ['mg', undefined],
  ])('%j', (text, expected) => {
    expect(quantityValue(text)).toEqual(expected);
  });
});

describe('separators', () => {
  it('splits what was joined, whatever the parts contain', () => {
    const escaped = (text: string) => text.replace(/[\\,|$]/g, '\\$&');
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), parts => {
        const joined = parts.map(escaped).join(',');
        expect(splitAt(',', joined).map(unescapeValue)).toEqual(parts);
      }),
    );
  });
});
