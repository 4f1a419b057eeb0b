import { type Criterion, counts, day, daysUntil } from './criterion.ts';

/** When the organization last said that its entry is right: old entries sink, and say so. */
export const verified: Criterion = (_need, { verified: on }, { rules, now }) => {
  if (on === undefined) return undefined;
  return -daysUntil(on, now) > rules.verifiedDays
    ? counts(0, `Its entry has not been confirmed since ${day(on)}: call before relying on it.`)
    : counts(1, `Its entry was confirmed on ${day(on)}.`);
};
