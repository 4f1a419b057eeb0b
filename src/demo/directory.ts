import type { HealthcareService, Location, Resource } from '@medplum/fhirtypes';
import type { WriteOperation } from '../fhir/repository.ts';
import { hubOrganization } from '../hub-organization.ts';
import { careServices } from './care-services.ts';
import { communityServices } from './community-services.ts';
import { areas } from './county.ts';
import { organizations, sites } from './organizations.ts';
import { healthcareService } from './services.ts';
import { employerOf, staff } from './staff.ts';

/** The whole directory as one write of the hub's, each entry its own organization's. */
export function directory(now: Date): WriteOperation[] {
  return [
    ...organizations().map(one => entry(one, one.id)),
    ...areas().map(one => entry(one, hubOrganization)),
    ...sites().map(one => entry(one, organizationOf(one.managingOrganization))),
    ...services(now),
    ...staff().map(one => entry(one, employerOf(one))),
  ];
}

/** What is offered, and with what capacity at this time. */
export const services = (now: Date): WriteOperation[] =>
  [...careServices, ...communityServices].map(one => {
    const service = healthcareService(one, now);
    return entry(service, organizationOf(service.providedBy));
  });

type Maintained = HealthcareService['providedBy'] | Location['managingOrganization'];

const organizationOf = (reference: Maintained): string | undefined => reference?.reference?.split('/')[1];

function entry(resource: Resource, owner: string | undefined): WriteOperation {
  const { resourceType: type, id } = resource;
  if (!id || !owner) throw new Error(`a ${type} of the demo network has no id or no organization`);
  return { kind: 'update', type, id, resource, inNameOf: owner };
}
