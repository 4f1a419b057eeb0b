import { type Criterion, counts, excludes } from './criterion.ts';

/** One of the services asked for has to be offered. */
export const service: Criterion = (need, candidate) =>
  candidate.offers.some(offer => need.services.includes(offer))
    ? counts(1, 'Offers the service asked for.')
    : excludes('Does not offer the service asked for.');
