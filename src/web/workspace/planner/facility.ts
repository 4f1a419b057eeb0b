import type { Organization } from '@medplum/fhirtypes';
import type { Repository } from '../../../fhir/repository.ts';
import { timeZoneOf } from '../../../referral/clocks/time-zone.ts';
import { dueRules } from '../../../referral/lifecycle/due.ts';

/** The zone that an organization lives in; that of the network where it says none. */
export const zoneOf = (organization: Organization | undefined): string =>
  (organization && timeZoneOf(organization)) ?? dueRules.timeZone;

/** The zone of the organization that the repository's actor acts for. */
export async function facilityZone(repository: Repository): Promise<string> {
  const stored = await repository.read('Organization', repository.actor.organization);
  return zoneOf(stored.resource() as Organization);
}
