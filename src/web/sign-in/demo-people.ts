import { type Role, rolesFor } from '../../access/roles.ts';
import { demoClients } from '../../demo/clients.ts';

/** A demo organization, and the roles in which one can look around there. */
export interface DemoOrganization {
  id: string;
  name: string;
  people: readonly Role[];
}

export function demoOrganizations(hubOrganization: string): DemoOrganization[] {
  const people = (organization: string) => rolesFor(organization, hubOrganization);
  return [
    ...demoClients.map(({ organization, name }) => ({
      id: organization,
      name,
      people: people(organization),
    })),
    { id: hubOrganization, name: 'The network', people: people(hubOrganization) },
  ];
}
