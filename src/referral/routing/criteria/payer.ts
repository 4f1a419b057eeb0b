import type { Candidate, Need } from '../candidate.ts';
import { routingSystem } from '../codes.ts';
import { samePayer } from '../payer.ts';
import { type Basis, type Criterion, counts, either, excludes, type Judgement } from './criterion.ts';

const selfPay = `${routingSystem.selfPay}|pay`;

/** Who pays for the person, against the payers the service accepts. A free service asks for none. */
export const payer: Criterion = (need, candidate, basis) => {
  if (candidate.provision.includes('free')) {
    return counts(1, 'Is free of charge.');
  }
  const accepted = need.payers.filter(mine => candidate.payers.some(theirs => samePayer(mine, theirs)));
  if (accepted.length > 0) {
    return counts(1, `Accepts ${either(accepted.map(entry => entry.words))}.`);
  }
  return notAccepted(need, candidate, basis);
};

function notAccepted(need: Need, { payers, provision }: Candidate, { rules }: Basis): Judgement {
  if (provision.includes('disc')) {
    return counts(rules.slidingFee, 'Asks for a fee that depends on income.');
  }
  if (need.payers.length === 0) {
    return counts(rules.unknown, 'Who pays for this person is not known: ask before the first visit.');
  }
  if (payers.length === 0) {
    return counts(rules.unknown, 'Does not say which payers it accepts: ask before the first visit.');
  }
  const theirs = either([...new Set(payers.map(entry => entry.words))].sort());
  return need.payers.every(entry => entry.kinds.includes(selfPay))
    ? excludes(`Accepts ${theirs} only, and this person has no coverage.`, `${theirs} covered this person`)
    : excludes(
        `Accepts ${theirs} only, not ${either(need.payers.map(entry => entry.words))}.`,
        `${theirs} covered this person`,
      );
}
