import type { Candidate, Need } from '../candidate.ts';
import { type Criterion, counts, daysUntil, either, falling } from './criterion.ts';

/** The places and traits the person or the sender wishes for: the share of wishes that is met. */
export const wishes: Criterion = (need, candidate) => {
  const { preferred, characteristics } = need.wishes;
  if (preferred.length + characteristics.length === 0) {
    return undefined;
  }
  const met = metBy(need, candidate);
  const asked = characteristics.length + (preferred.length > 0 ? 1 : 0);
  return counts(
    met.length / asked,
    met.length > 0 ? `As wished: ${either(met)}.` : 'Meets none of the wishes.',
  );
};

function metBy({ wishes: { preferred, characteristics } }: Need, candidate: Candidate): string[] {
  const traits = candidate.characteristics.map(({ token }) => token);
  return [
    ...(preferred.includes(candidate.organization) ? ['it was asked for by name'] : []),
    ...characteristics.filter(({ token }) => traits.includes(token)).map(wish => wish.words),
  ];
}

/** A program the request names. */
export const program: Criterion = (need, candidate) => {
  if (need.programs.length === 0) {
    return undefined;
  }
  const runs = candidate.programs.some(entry => need.programs.includes(entry));
  return runs ? counts(1, 'Runs the program asked for.') : counts(0, 'Does not run the program asked for.');
};

/** An organization that refused this person lately is not the first to ask again. */
export const refusals: Criterion = (need, candidate, { rules, now }) => {
  const past = need.refusals
    .filter(({ organization }) => organization === candidate.organization)
    .sort((a, b) => (a.at < b.at ? 1 : -1));
  const [last] = past;
  if (!last) {
    return counts(1, 'Has not refused this person before.');
  }
  const days = Math.max(0, -daysUntil(last.at, now));
  const why = last.words ? ` (${last.words})` : '';
  return counts(1 - falling(days, rules.halfRefusalDays), `Refused this person ${ago(days)}${why}.`);
};

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

function ago(days: number): string {
  return relative.format(-days, 'day');
}
