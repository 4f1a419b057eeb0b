import type { Organization } from '@medplum/fhirtypes';
import type { Repository } from '../fhir/repository.ts';
import { timeZoneExtension } from '../network.ts';
import { differenceOf } from './difference.ts';
import { isInvited, noteApplied, type Onboarding, personName } from './plan.ts';

export interface Beginning {
  network: { name: string; timeZone: string; phone: string };
  administrator: { name: string; email: string };
  /** The invitation goes out by mail; otherwise its link is given back. */
  mail: boolean;
}

/** Names the network, and invites its first administrator unless that is done. */
export async function initialize(
  hub: Pick<Onboarding, 'repository' | 'people' | 'records' | 'now' | 'hubOrganization'>,
  { network, administrator, mail }: Beginning,
): Promise<{ invited: boolean; link?: string }> {
  await nameNetwork(hub.repository, hub.hubOrganization, network);
  const listed = await hub.people.list('operator', hub.hubOrganization);
  const known = listed.find(({ email }) => email.toLowerCase() === administrator.email.toLowerCase());
  const person = { email: administrator.email, organization: hub.hubOrganization };
  const printsAgain = !mail && known?.state === 'invited';
  if (!printsAgain && (await isInvited(person, known, hub))) return { invited: false };
  const invitation = { ...administrator, organization: hub.hubOrganization, role: 'network-administrator' };
  const { link } = await hub.people.invite(invitation, 'operator', { mail });
  await noteApplied(personName(person), hub);
  return { invited: true, ...(link ? { link } : {}) };
}

async function nameNetwork(
  repository: Repository,
  id: string,
  { name, timeZone, phone }: Beginning['network'],
): Promise<void> {
  const extension = timeZoneExtension(timeZone);
  const resource: Organization & { id: string } = {
    resourceType: 'Organization',
    id,
    name,
    extension: [extension],
    ...(phone ? { telecom: [{ system: 'phone', value: phone, use: 'work' }] } : {}),
  };
  const stored = await repository.read('Organization', id);
  const difference = differenceOf({ resource, source: id, extensions: [extension.url] }, stored.resource());
  if (difference.kind === 'unchanged') return;
  const update = { kind: 'update', type: 'Organization', id, resource: difference.resource } as const;
  await repository.write([{ ...update, ifMatch: `W/"${stored.versionId}"` }], { purpose: 'hub init' });
}
