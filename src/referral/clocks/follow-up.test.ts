import { describe, expect, it } from 'vitest';
import { followUpRules, windowEnds, windowsMet } from './follow-up.ts';

const chicago = 'America/Chicago';

describe('a visit after a discharge on 1 March', () => {
  const discharge = new Date('2026-03-01T20:00:00Z');
  it.each([
    ['the same day, which never counts', '2026-03-01T23:00:00Z', []],
    ['2 March', '2026-03-02T15:00:00Z', ['7-day', '30-day']],
    ['2 March, half an hour after midnight', '2026-03-02T06:30:00Z', ['7-day', '30-day']],
    ['1 March there, though 2 March in London', '2026-03-02T05:30:00Z', []],
    ['8 March, the last of seven days', '2026-03-08T22:00:00Z', ['7-day', '30-day']],
    ['8 March, a minute before midnight', '2026-03-09T04:59:00Z', ['7-day', '30-day']],
    ['9 March', '2026-03-09T05:00:00Z', ['30-day']],
    ['31 March, the last of thirty days', '2026-03-31T22:00:00Z', ['30-day']],
    ['1 April', '2026-04-01T15:00:00Z', []],
    ['the day before', '2026-02-28T15:00:00Z', []],
  ])('on %s', (_what, visit, met) => {
    expect(windowsMet(discharge, new Date(visit), chicago, followUpRules.inpatient)).toEqual(met);
  });

  it('has windows that end with the last day at the place', () => {
    const ends = followUpRules.inpatient.map(rule => windowEnds(discharge, rule, chicago).toISOString());
    expect(ends).toEqual(['2026-03-09T04:59:59.999Z', '2026-04-01T04:59:59.999Z']);
  });
});

describe('a visit after an emergency visit on 1 March', () => {
  it.each([
    ['the same day, which counts', '2026-03-01T23:00:00Z', ['7-day', '30-day']],
    ['8 March', '2026-03-08T22:00:00Z', ['7-day', '30-day']],
    ['9 March', '2026-03-09T22:00:00Z', ['30-day']],
    ['31 March', '2026-03-31T22:00:00Z', ['30-day']],
    ['1 April', '2026-04-01T22:00:00Z', []],
  ])('on %s', (_what, visit, met) => {
    const left = new Date('2026-03-01T20:00:00Z');
    expect(windowsMet(left, new Date(visit), chicago, followUpRules.emergency)).toEqual(met);
  });
});
