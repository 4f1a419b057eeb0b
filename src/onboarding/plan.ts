import { isDeepStrictEqual } from 'node:util';
import type { Listing, Management } from '../auth/accounts/management.ts';
import type { Client, Clients, Registration } from '../auth/clients.ts';
import { HubError } from '../errors.ts';
import type { Repository, Stored } from '../fhir/repository.ts';
import type { Records } from '../store/store.ts';
import { type Desired, desiredOf } from './desired.ts';
import { type Difference, differenceOf } from './difference.ts';
import type { ClientEntry, NetworkFile, OrganizationEntry } from './network-file.ts';

/** The parts of a hub that a network is made of. */
export interface Onboarding {
  /** The hub itself. */
  repository: Repository;
  clients: Clients;
  people: Pick<Management, 'invite' | 'list' | 'changeRole'>;
  records: Records;
  now(): Date;
  hubOrganization: string;
}

export interface PlannedResource {
  desired: Desired;
  /** `Type/id` */
  reference: string;
  difference: Difference;
  /** The version that was compared. */
  version?: string;
}

export interface PlannedClient {
  registration: Registration;
  kind: Difference['kind'];
}

export interface PlannedPerson {
  name: string;
  email: string;
  organization: string;
  role: string;
  kind: Difference['kind'];
  account?: string;
}

/** What applying the file would do. */
export interface Plan {
  resources: PlannedResource[];
  clients: PlannedClient[];
  people: PlannedPerson[];
  /** Applied before and no longer in the file: it stays. */
  kept: string[];
}

/** The kind of record that notes what was once applied. */
const appliedKind = 'applied';

export const clientName = (id: string): string => `client ${id}`;
export const personName = ({ email, organization }: { email: string; organization: string }): string =>
  `person ${email.toLowerCase()} in Organization/${organization}`;

/** Compares the file with what there is; changes nothing. */
export async function planNetwork(file: NetworkFile, onboarding: Onboarding): Promise<Plan> {
  const { hubOrganization, records } = onboarding;
  const resources: PlannedResource[] = [];
  for (const desired of desiredOf(file, hubOrganization))
    resources.push(await plannedResource(desired, onboarding.repository));
  const known = new Map((await onboarding.clients.list()).map(one => [one.clientId, one]));
  const clients = file.organizations.flatMap(organization =>
    organization.clients.map(client => plannedClient(registrationOf(client, organization), known)),
  );
  const people = await plannedPeople(file, onboarding);
  const wanted = new Set([
    ...resources.map(({ reference }) => reference),
    ...clients.map(({ registration }) => clientName(registration.clientId)),
    ...people.map(personName),
  ]);
  const applied = await records.list(appliedKind, onboarding.now().getTime());
  const kept = applied
    .map(({ id }) => id)
    .filter(id => !wanted.has(id) && !id.endsWith(`Organization/${hubOrganization}`));
  return { resources, clients, people, kept };
}

async function plannedResource(desired: Desired, repository: Repository): Promise<PlannedResource> {
  const { resource, source } = desired;
  const reference = `${resource.resourceType}/${resource.id}`;
  const stored = await current(repository, resource.resourceType, resource.id);
  if (stored && stored.source !== source)
    throw new HubError(
      'conflict',
      `${reference} is there already and belongs to Organization/${stored.source}: choose another key.`,
    );
  const difference = differenceOf(desired, stored?.resource());
  return { desired, reference, difference, ...(stored ? { version: stored.versionId } : {}) };
}

async function current(repository: Repository, type: string, id: string): Promise<Stored | undefined> {
  try {
    return await repository.read(type, id);
  } catch (error) {
    if (error instanceof HubError && ['not-found', 'gone'].includes(error.kind)) return undefined;
    throw error;
  }
}

function registrationOf(entry: ClientEntry, { key }: OrganizationEntry): Registration {
  const { id, name, scope, signsInWith, jwks, jwksUrl, redirects, loads } = entry;
  return {
    clientId: id,
    name,
    organization: key,
    scope,
    loads,
    ...(signsInWith === 'secret' ? { secret: true } : {}),
    ...(jwks ? { jwks: jwks as NonNullable<Registration['jwks']> } : {}),
    ...(jwksUrl ? { jwksUri: jwksUrl } : {}),
    ...(redirects ? { redirectUris: redirects } : {}),
  };
}

function plannedClient(registration: Registration, known: ReadonlyMap<string, Client>): PlannedClient {
  const before = known.get(registration.clientId);
  if (!before) return { registration, kind: 'create' };
  if (before.organization !== registration.organization)
    throw new HubError(
      'conflict',
      `The client ${registration.clientId} acts for Organization/${before.organization}: choose another id.`,
    );
  const { secret: _secret, ...wanted } = registration;
  const { secretHash: _hash, suspended: _suspended, ...is } = before;
  const same = isDeepStrictEqual({ ...wanted }, { ...is });
  return { registration, kind: same ? 'unchanged' : 'change' };
}

async function plannedPeople(file: NetworkFile, onboarding: Onboarding): Promise<PlannedPerson[]> {
  const planned: PlannedPerson[] = [];
  for (const { key, people: staff } of file.organizations) {
    if (staff.length === 0) continue;
    const listed = await onboarding.people.list('operator', key);
    for (const { name, email, role } of staff) {
      const known = listed.find(one => one.email.toLowerCase() === email.toLowerCase());
      const told = await isInvited({ email, organization: key }, known, onboarding);
      const kind = !told ? 'create' : known?.role === role ? 'unchanged' : 'change';
      planned.push({
        name,
        email,
        organization: key,
        role,
        kind,
        ...(known ? { account: known.account } : {}),
      });
    }
  }
  return planned;
}

export const changesNothing = ({ resources, clients, people }: Plan): boolean =>
  resources.every(({ difference }) => difference.kind === 'unchanged') &&
  [...clients, ...people].every(({ kind }) => kind === 'unchanged');

/**
 * Whether somebody need not be invited (again): their invitation has left, or they have a password. One whose mail
 * could not be sent is still to be invited.
 */
export async function isInvited(
  person: { email: string; organization: string },
  known: Pick<Listing, 'state'> | undefined,
  { records, now }: Pick<Onboarding, 'records' | 'now'>,
): Promise<boolean> {
  if (!known) return false;
  if (known.state !== 'invited') return true;
  return (await records.get(appliedKind, personName(person), now().getTime())) !== undefined;
}

export const noteApplied = (name: string, { records }: Pick<Onboarding, 'records'>): Promise<void> =>
  records.put({ kind: appliedKind, id: name, value: null, expires: null, family: null });
