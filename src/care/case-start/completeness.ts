import { decide, leavesDecided, type Moment, type PersonRecord } from '../../referral/eligibility/decide.ts';
import type { Pack } from '../../referral/eligibility/pack.ts';

/** How much of what a case should have is there. */
export interface Completeness {
  /** Whole percent, rounded down: 100 means that nothing is missing. */
  percent: number;
  /** In the order of the pack. */
  facts: { code: string; title: string; there: boolean; missing: string }[];
}

/** Counts the facts of a pack that are there, each as much as the others. */
export function completenessOf(pack: Pack, record: PersonRecord, moment: Moment): Completeness {
  const leaves = leavesDecided(decide(pack, record, moment).root);
  const there = leaves.filter(({ finding }) => finding === 'met').length;
  return {
    percent: Math.floor((there * 100) / leaves.length),
    facts: leaves.map(({ criterion: { code, title, missing }, finding }) => ({
      code,
      title,
      there: finding === 'met',
      missing,
    })),
  };
}
