import { type Criterion, counts, falling, measured } from './criterion.ts';

/** How many referrals the organization is working on. */
export const load: Criterion = (_need, candidate, { rules }) => {
  const said = candidate.load === 1 ? 'one other referral' : `${candidate.load || 'no'} other referrals`;
  return counts(falling(candidate.load, rules.halfLoad), `Has ${said} open.`);
};

/** How long offers wait for its answer, and how many of them get one. */
export const answering: Criterion = (_need, { answerHours, answered }, { rules }) => {
  if (answerHours === undefined) return counts(rules.unknown, 'How fast it answers is not known yet.');
  const { of, answers } = answered ?? { of: 1, answers: 1 };
  const often = answers < of ? `, and answered ${answers} of its last ${of} requests` : '';
  return counts(
    falling(answerHours, rules.halfAnswerHours) * (answers / of),
    `Usually answers within ${span(answerHours)}${often}.`,
  );
};

const hoursShown = 48;

function span(hours: number): string {
  return hours < hoursShown
    ? measured(Math.max(1, Math.ceil(hours)), 'hour')
    : measured(Math.ceil(hours / 24), 'day');
}
