import { describe, expect, it } from 'vitest';
import type { CriterionName, Excluded, Ranked } from '../../../referral/routing/rank.ts';
import { criteriaOf, criterionLabels, readingOf, reasonOf, tellingExcluded, weightOf } from './judged.ts';

const candidate = { id: 's', name: 'A place' } as Ranked['candidate'];
const ranked = (values: Partial<Record<CriterionName, number>>): Ranked => ({
  candidate,
  score: 50,
  reasons: Object.entries(values).map(([criterion, value]) => ({
    criterion: criterion as CriterionName,
    value,
    words: `${criterion} words`,
  })),
});
const excluded = (name: string, ...criteria: CriterionName[]): Excluded => ({
  candidate: { ...candidate, name },
  facts: criteria.map(criterion => ({ criterion, words: criterion })),
});

describe('how much a reason speaks for a place', () => {
  it.each([
    [1, 'for'],
    [0.6, 'for'],
    [0.5, 'open'],
    [0.35, 'open'],
    [0.3, 'against'],
    [0, 'against'],
  ] as const)('%d is %s', (value, weight) => {
    expect(weightOf({ value })).toBe(weight);
  });
});

describe('the reasons for a place', () => {
  it('are read from the first visit on, and what speaks against it is never folded', () => {
    const { first, more } = readingOf(
      ranked({ age: 1, refusals: 0.1, distance: 0.5, load: 0.8, opening: 1, catchment: 0.2 }),
    );
    expect(first.map(({ criterion }) => criterion)).toEqual(['opening', 'distance', 'catchment', 'refusals']);
    expect(more.map(({ criterion }) => criterion)).toEqual(['age', 'load']);
  });

  it('stand side by side, each criterion in one line, also where one place was not judged by it', () => {
    const places = [ranked({ payer: 1, distance: 1 }), ranked({ wishes: 0, distance: 0 })];
    expect(criteriaOf(places)).toEqual(['distance', 'wishes', 'payer']);
    expect(places.map(place => reasonOf(place, 'wishes')?.value)).toEqual([undefined, 0]);
  });

  it('have a name each', () => {
    expect(Object.values(criterionLabels).every(label => /^[A-Z]/.test(label))).toBe(true);
  });
});

it('of those who cannot be asked only they are told who do what is asked for, the nearest to it first', () => {
  const all = [
    excluded('far and old', 'catchment', 'age'),
    excluded('something else', 'service'),
    excluded('closed', 'active', 'payer'),
    excluded('oneself', 'another'),
    excluded('full', 'capacity'),
  ];
  expect(tellingExcluded(all).map(one => one.candidate.name)).toEqual(['full', 'far and old']);
});
