import { hash } from 'node:crypto';
import type { Practitioner, PractitionerRole, Resource } from '@medplum/fhirtypes';
import { type Role, roles } from '../../access/roles.ts';
import { HubError } from '../../errors.ts';
import { system } from '../../fhir/canonical.ts';
import type { Repository, WriteOperation } from '../../fhir/repository.ts';

/** Somebody as the directory knows them: without an address, for it is open to the whole network. */
export interface Staff {
  name: string;
  /** Logical id. */
  practitioner: string;
  organization: string;
  role: Role;
}

/**
 * Writes who somebody is to an organization into its directory, in one commit and in its name. An entry that is
 * there stays what it is but for the role, so that it can be written again after an interruption.
 *
 * @returns the logical id of the PractitionerRole
 */
export async function writeStaff(hub: Repository, staff: Staff): Promise<string> {
  const { organization, practitioner } = staff;
  const id = hash('sha256', `${practitioner} ${organization}`, 'hex').slice(0, 32);
  const [person, role] = await Promise.all([
    current<Practitioner>(hub, 'Practitioner', practitioner),
    current<PractitionerRole>(hub, 'PractitionerRole', id),
  ]);
  const written = role ? { ...role, code: codeOf(staff.role) } : roleOf(staff, id);
  const update = (resource: Resource, id: string): WriteOperation => ({
    kind: 'update',
    type: resource.resourceType,
    id,
    resource,
    inNameOf: organization,
  });
  await hub.write([...(person ? [] : [update(practitionerOf(staff), practitioner)]), update(written, id)]);
  return id;
}

async function current<R extends Resource>(
  hub: Repository,
  type: string,
  id: string,
): Promise<R | undefined> {
  try {
    return (await hub.read(type, id)).resource() as R;
  } catch (error) {
    if (error instanceof HubError && ['not-found', 'gone'].includes(error.kind)) return undefined;
    throw error;
  }
}

/** HubError `not-found`, with what would be right, where there is no such organization. */
export async function organizationName(hub: Repository, id: string): Promise<string> {
  const found = /^[A-Za-z0-9\-.]{1,64}$/.test(id)
    ? await current<Resource & { name?: string }>(hub, 'Organization', id)
    : undefined;
  if (found) return found.name ?? id;
  throw new HubError('not-found', {
    text: 'There is no such Organization: hub org add makes one and prints its id.',
    expression: 'organization',
  });
}

const practitionerOf = ({ name, practitioner }: Staff): Practitioner => ({
  resourceType: 'Practitioner',
  id: practitioner,
  active: true,
  name: [{ use: 'official', text: name }],
});

const roleOf = ({ organization, role, name, practitioner }: Staff, id: string): PractitionerRole => ({
  resourceType: 'PractitionerRole',
  id,
  active: true,
  practitioner: { reference: `Practitioner/${practitioner}`, display: name },
  organization: { reference: `Organization/${organization}` },
  code: codeOf(role),
});

const codeOf = (role: Role): PractitionerRole['code'] => [
  {
    coding: [{ system: system.personRole, code: role, display: roles[role].title }],
    text: roles[role].title,
  },
];
