import type { Communication } from '@medplum/fhirtypes';
import { isEmergencyAccess, ofEmergency } from '../../../../access/emergency.ts';
import type { Repository } from '../../../../fhir/repository.ts';
import { findPage } from '../../../found.ts';

/** Until when the organization has the record open by emergency access; undefined where it has not. */
export async function openedUntil(
  repository: Repository,
  patient: string,
  now: Date,
): Promise<Date | undefined> {
  const own = repository.actor.organization;
  const { matches } = await findPage<Communication>(repository, 'Communication', [
    ['subject', `Patient/${patient}`],
    ['category', 'emergency-access'],
    ['sender', `Organization/${own}`],
    ['_sort', '-sent'],
    ['_count', '5'],
  ]);
  const ends = matches
    .filter(isEmergencyAccess)
    .flatMap(one => ofEmergency(one).relations)
    .flatMap(({ org, ends: end }) => (org === own && end !== null && end > now.getTime() ? [end] : []));
  return ends.length > 0 ? new Date(Math.max(...ends)) : undefined;
}
