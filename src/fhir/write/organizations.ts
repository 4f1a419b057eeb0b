import type { HealthcareService, PractitionerRole, Resource } from '@medplum/fhirtypes';
import type { World } from './world.ts';

/** The Organization (id) that a reference to an Organization, PractitionerRole or HealthcareService stands for. */
export async function organizationOf(
  world: Pick<World, 'get'>,
  reference: string | undefined,
): Promise<string | undefined> {
  const [type, id] = reference?.split('/') ?? [];
  if (type === 'Organization') return id;
  if (type !== 'PractitionerRole' && type !== 'HealthcareService') return undefined;
  const resource = (await world.get(`${type}/${id}`)) as Resource | undefined;
  const organization =
    resource?.resourceType === 'PractitionerRole'
      ? (resource as PractitionerRole).organization
      : (resource as HealthcareService | undefined)?.providedBy;
  return organization?.reference?.startsWith('Organization/')
    ? organization.reference.slice('Organization/'.length)
    : undefined;
}
