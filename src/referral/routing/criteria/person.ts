import type { AgeRange } from '../facts.ts';
import { type Criterion, counts, either, excludes } from './criterion.ts';

/** Ages in completed years: up to 17 is until the day before the 18th birthday. */
export const age: Criterion = (need, { ages }) => {
  if (ages.length === 0) {
    return counts(1, 'Takes people of all ages.');
  }
  const who = `people ${either(ages.map(said))}`;
  const years = need.age;
  if (years === undefined) {
    return counts(1, `Takes ${who}: the age of this person is not known.`);
  }
  return ages.some(range => includes(range, years))
    ? counts(1, `Takes ${who}.`)
    : excludes(`Takes ${who} only; this person is ${years}.`);
};

/** Completed years reach the upper end until the birthday after it. */
function includes({ low = 0, high = Number.POSITIVE_INFINITY }: AgeRange, years: number): boolean {
  return years >= Math.floor(low) && years <= high;
}

/** A lower end within a year (months) is told as the year it lies in. */
function said({ low, high }: AgeRange): string {
  if (low === undefined) {
    return high === undefined ? 'of all ages' : `aged up to ${high}`;
  }
  return high === undefined ? `aged ${Math.floor(low)} and older` : `aged ${Math.floor(low)} to ${high}`;
}

/** Services for some kinds of people (veterans, older adults): first for them, last for who is not known to be one. */
export const population: Criterion = (need, { populations }, { rules }) => {
  if (populations.length === 0) {
    return counts(rules.unknown, 'Is for everybody.');
  }
  const fits = populations.filter(({ token }) => need.populations.includes(token));
  return fits.length > 0
    ? counts(1, `Is meant for ${either(fits.map(fit => fit.words))}.`)
    : counts(0, `Is meant for ${either(populations.map(entry => entry.words))}: make sure that this fits.`);
};
