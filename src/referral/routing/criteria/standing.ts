import { type Criterion, excludes } from './criterion.ts';

/** Closed services are not asked. */
export const active: Criterion = (_need, candidate) =>
  candidate.inactive ? excludes(`${candidate.inactive}.`) : undefined;

/** Who refers does not refer to itself. */
export const another: Criterion = (need, candidate) =>
  candidate.organization === need.source ? excludes('It is the organization that refers.') : undefined;

/** Each organization is asked once in a referral. */
export const notAskedYet: Criterion = (need, candidate) => {
  const asked = need.asked.find(({ organization }) => organization === candidate.organization);
  return asked ? excludes(`${asked.words}.`) : undefined;
};

/** The person or the sender does not want it. */
export const notAvoided: Criterion = (need, candidate) =>
  need.wishes.avoided.includes(candidate.organization)
    ? excludes('The request asks not to send it there.', 'the request allowed to send it there')
    : undefined;
