import type { Organization, Patient } from '@medplum/fhirtypes';
import type { Repository } from '../../../../fhir/repository.ts';
import { findPage } from '../../../found.ts';

/** Organizations that pay for care, by name. */
export async function payers(repository: Repository): Promise<{ value: string; label: string }[]> {
  const { matches } = await findPage<Organization>(repository, 'Organization', [
    ['type', 'http://terminology.hl7.org/CodeSystem/organization-type|pay'],
    ['active:not', 'false'],
    ['_sort', 'name'],
    ['_count', '200'],
  ]);
  return matches.map(({ id = '', name }) => ({ value: id, label: name ?? id }));
}

/**
 * The identifier system of an organization's record numbers: that which its other people carry, so that a number
 * typed in and one that the EHR sends are the same; one below the organization's own address where it has none yet.
 */
export async function recordNumbers(repository: Repository, baseUrl: string): Promise<string> {
  const own = `Organization/${repository.actor.organization}`;
  const { matches } = await findPage<Patient>(repository, 'Patient', [
    ['organization', own],
    ['_sort', '-_lastUpdated'],
    ['_count', '20'],
  ]);
  const identifiers = matches.flatMap(({ identifier = [] }) => identifier);
  const isRecordNumber = identifiers.find(
    ({ type, system }) => system !== undefined && type?.coding?.some(({ code }) => code === 'MR'),
  );
  const known = isRecordNumber ?? identifiers.find(({ system }) => system !== undefined);
  return known?.system ?? `${baseUrl}/${own}/record-number`;
}
