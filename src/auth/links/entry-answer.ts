import type { HealthcareService } from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import type { Repository } from '../../fhir/repository.ts';
import { type CapacityStatement, confirmed, withCapacity } from '../../referral/routing/statements.ts';

/** What an organization says of its entry through a link: of the version that it has seen. */
export type EntryAnswer =
  | { event: 'confirm-entry'; version: string }
  | { event: 'state-capacity'; version: string; capacity: CapacityStatement };

/**
 * Writes it as the link, as of this day (YYYY-MM-DD). HubError: `precondition-failed` where the entry has changed since
 * it was looked at, `unprocessable` for room that contradicts itself.
 */
export async function writeEntry(
  repository: Repository,
  id: string,
  answer: EntryAnswer,
  day: string,
): Promise<void> {
  const stored = await repository.read('HealthcareService', id);
  if (stored.versionId !== answer.version)
    throw new HubError('precondition-failed', 'The entry has changed since it was looked at.');
  const service = stored.resource() as HealthcareService;
  const resource =
    answer.event === 'confirm-entry' ? confirmed(service, day) : withCapacity(service, answer.capacity, day);
  const ifMatch = `W/"${answer.version}"`;
  await repository.write([{ kind: 'update', type: 'HealthcareService', id, resource, ifMatch }], {
    purpose: 'link',
  });
}
