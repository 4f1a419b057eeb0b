import { HubError } from '../errors.ts';
import type { WriteOperation } from '../fhir/repository.ts';
import {
  clientName,
  noteApplied,
  type Onboarding,
  type Plan,
  type PlannedResource,
  personName,
} from './plan.ts';

/** What is told once: a client's secret, or the link with which a person chooses a password. */
export interface Told {
  kind: 'client' | 'invitation';
  /** Client id, or e-mail address. */
  whose: string;
  secret: string;
}

/**
 * Does what the plan says: the directory in one commit, then clients, then people. What is interrupted is finished by
 * applying the file again.
 *
 * @param tell called as soon as there is a secret, so that none is lost when a later step fails
 * @param mail invitations go out by mail; otherwise their links are told
 */
export async function applyPlan(
  { resources, clients, people }: Plan,
  onboarding: Onboarding,
  { tell, mail }: { tell(told: Told): Promise<void>; mail: boolean },
): Promise<void> {
  await writeDirectory(resources, onboarding);
  for (const { registration, kind } of clients) {
    if (kind === 'create') {
      const { secret } = await onboarding.clients.add(registration);
      if (secret) await tell({ kind: 'client', whose: registration.clientId, secret });
    }
    if (kind === 'change') await onboarding.clients.change(registration);
    await noteApplied(clientName(registration.clientId), onboarding);
  }
  for (const person of people) {
    const { kind, account, ...invitation } = person;
    if (kind === 'create') {
      const { link } = await onboarding.people.invite(invitation, 'operator', { mail });
      if (link && !mail) await tell({ kind: 'invitation', whose: person.email, secret: link });
    }
    if (kind === 'change' && account)
      await onboarding.people.changeRole(account, person.organization, person.role, 'operator');
    await noteApplied(personName(person), onboarding);
  }
}

async function writeDirectory(resources: readonly PlannedResource[], onboarding: Onboarding): Promise<void> {
  const changed = resources.filter(({ difference }) => difference.kind !== 'unchanged');
  try {
    if (changed.length > 0)
      await onboarding.repository.write(
        changed.map(one => operationOf(one, onboarding)),
        { purpose: 'hub apply' },
      );
  } catch (error) {
    throw error instanceof HubError ? named(error, changed) : error;
  }
  for (const { reference } of resources) await noteApplied(reference, onboarding);
}

function operationOf(
  { desired, difference, version }: PlannedResource,
  { hubOrganization }: Onboarding,
): WriteOperation {
  const resource = difference.kind === 'unchanged' ? desired.resource : difference.resource;
  return {
    kind: 'update',
    type: resource.resourceType,
    id: resource.id,
    resource,
    ...(desired.source === hubOrganization ? {} : { inNameOf: desired.source }),
    ...(version ? { ifMatch: `W/"${version}"` } : {}),
  };
}

/** Says which resource a problem is about. */
const named = (error: HubError, changed: readonly PlannedResource[]): HubError =>
  new HubError(
    error.kind,
    error.problems.map(({ operation, ...problem }) => {
      const about = operation === undefined ? undefined : changed[operation]?.reference;
      return { ...problem, text: about ? `${about}: ${problem.text}` : problem.text };
    }),
  );
