import { numbersOf } from './distributions.ts';

const missing = numbersOf('noShow', 'atOnce', 'afterSevenDays', 'oddsPerWeek');

/** Probability that a visit is missed, by the days between its making and itself. */
export function missed(leadDays: number): number {
  const first = Math.min(leadDays, 7) / 7;
  const level = missing.atOnce + first * (missing.afterSevenDays - missing.atOnce);
  const odds = ((1 - level) / level) * missing.oddsPerWeek ** -Math.max(0, (leadDays - 7) / 7);
  return 1 / (1 + odds);
}
