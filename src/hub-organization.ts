import type { Organization } from '@medplum/fhirtypes';
import { HubError } from './errors.ts';
import { system } from './fhir/canonical.ts';
import type { Repository } from './fhir/repository.ts';

/**
 * Logical id of the hub's own Organization, the same in every hub: a Task that it owns is one to be routed.
 * Published in /fhir/metadata.
 */
export const hubOrganization = 'hub';

const organization: Organization = {
  resourceType: 'Organization',
  id: hubOrganization,
  identifier: [{ system: system.hubIdentifier, value: hubOrganization }],
  active: true,
  name: 'Warm Handoff',
  alias: ['Referral hub'],
};

/** Makes the hub's Organization in a database that has none; several processes may do so at once. */
export async function ensureHubOrganization(repository: Repository): Promise<void> {
  try {
    await repository.read('Organization', hubOrganization);
  } catch (error) {
    if (!(error instanceof HubError) || error.kind !== 'not-found') throw error;
    await repository.write([
      { kind: 'update', type: 'Organization', id: hubOrganization, resource: organization },
    ]);
  }
}
