import type { Registration } from '../auth/clients.ts';
import { HubError } from '../errors.ts';
import { organizationNamed } from './organizations.ts';

/** All that a hospital or a center does; whose resources it reaches is a matter of relationships, not of scope. */
const provider = 'system/*.cruds';

/** Works on referrals and keeps its own directory entry; reads what a sender attached to a referral. */
const community = [
  'system/*.rs',
  ...[
    'Task',
    'ServiceRequest',
    'Procedure',
    'Observation',
    'DocumentReference',
    'Communication',
    'Appointment',
  ],
  ...['HealthcareService', 'Location', 'Practitioner', 'PractitionerRole', 'Organization'],
]
  .map(scope => (scope.startsWith('system/') ? scope : `system/${scope}.cruds`))
  .join(' ');

const client = (id: string, scope: string, loads = false): Registration => ({
  clientId: id,
  name: `${organizationNamed(id).display}`,
  organization: id,
  scope,
  loads,
});

/** The API clients of the demo network: each acts for the Organization of the same id. `hub token` signs them in. */
export const demoClients: readonly Registration[] = [
  client('general-hospital', provider),
  client('county-hospital', provider),
  client('northside-cmhc', provider),
  client('southside-cmhc', provider),
  client('harbor-shelter', community),
  client('system-ehr', provider, true),
];

/** Registers those that are not there yet; another process may do so at the same time. */
export async function registerClients(clients: {
  add(registration: Registration): Promise<unknown>;
}): Promise<void> {
  for (const registration of demoClients) {
    try {
      await clients.add(registration);
    } catch (error) {
      if (!(error instanceof HubError) || error.kind !== 'conflict') throw error;
    }
  }
}
