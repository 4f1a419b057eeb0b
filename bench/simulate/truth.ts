import { ageIn } from '../../src/referral/routing/need.ts';
import type { Refusal } from './deeds.ts';
import { numbersOf } from './distributions.ts';
import type { Draw } from './draw.ts';
import type { Referral } from './referrals.ts';
import type { Service } from './services.ts';

const outside = numbersOf('declinesOutside', 'area', 'payer');
const adult = 18;

/** Why a place would decline a person, had it room; undefined: it would not. The same whoever asks, and when. */
export function refusal({ place, declines }: Service, referral: Referral, draw: Draw): Refusal | undefined {
  const { listed, truth, index } = place;
  const chance = (which: 'fits' | 'outside', at: number) => draw(which, referral.index, index, at);
  if (!takesAge(listed.ages, referral)) return 'age';
  if (!pays(listed.fee, truth.payers, referral) && chance('outside', 1) < outside.payer) return 'payer';
  if (!understands(truth.languages, listed.interpreter, referral)) return 'other';
  const serves = listed.areas?.includes(referral.county.index) ?? true;
  if (!serves && chance('outside', 2) < outside.area) return 'out-of-catchment';
  return chance('fits', 1) < declines ? 'clinical-mismatch' : undefined;
}

export function takesAge(ages: 'all' | 'adults' | 'children', { birthDate, at }: Referral): boolean {
  const years = ageIn(birthDate, new Date(at)) ?? adult;
  return ages === 'all' || (ages === 'adults' ? years >= adult : years < adult);
}

/** Whether a place takes the person's payer, or none. */
export function pays(
  fee: 'free' | 'by-income' | 'payers',
  payers: readonly string[],
  { payer }: Referral,
): boolean {
  if (fee === 'free' || payers.includes(payer)) return true;
  return fee === 'by-income' && payer === 'none';
}

const understands = (spoken: readonly string[], interpreter: boolean, { languages }: Referral): boolean =>
  interpreter || languages.some(mine => mine === 'en' || spoken.includes(mine));
