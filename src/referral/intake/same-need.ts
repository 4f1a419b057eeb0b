import type { ServiceRequest } from '@medplum/fhirtypes';
import { serviceTypes } from '../routing/service-types.ts';

/**
 * Whether two requests ask for the same: a code that both have, or the service type that their codes map to; of
 * requests in words alone, the same words.
 */
export function sameNeed(a: ServiceRequest, b: ServiceRequest): boolean {
  const [one, other] = [serviceTypes(a), serviceTypes(b)];
  if (one.length > 0 && other.length > 0) return one.some(token => other.includes(token));
  const [words, others] = [wordsOf(a), wordsOf(b)];
  return words !== '' && words === others;
}

const wordsOf = ({ code }: ServiceRequest): string =>
  (code?.text ?? code?.coding?.[0]?.display ?? '').trim().toLowerCase().replace(/\s+/g, ' ');
