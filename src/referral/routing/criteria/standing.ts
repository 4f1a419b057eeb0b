import { type Criterion, excludes } from './criterion.ts';

/** Who could not be shown what it is asked is not asked. The sentence tells neither what is in it nor whose consent is missing. */
export const shown: Criterion = (_need, candidate) =>
  candidate.withheld
    ? excludes('May not be shown this request.', 'a consent let it be shown there')
    : undefined;

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
