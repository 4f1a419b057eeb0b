import type { Resource } from '@medplum/fhirtypes';
import { HubError } from '../errors.ts';
import { type Actor, allows, type Interaction } from './actor.ts';
import { isConformance } from './open-types.ts';

/** Elements that say in whose name a resource is made; each must be an organization the actor speaks for. */
const namingElements: Record<string, readonly string[]> = {
  ServiceRequest: ['requester'],
  Task: ['requester'],
  EpisodeOfCare: ['managingOrganization'],
  HealthcareService: ['providedBy'],
  PractitionerRole: ['organization'],
  Location: ['managingOrganization'],
};

const organizationTypes = ['Organization', 'PractitionerRole', 'HealthcareService'];

/** Scope: does the token allow this at all? */
export function requireScope(actor: Actor, interaction: Interaction, type: string): void {
  if (allows(actor, interaction, type)) return;
  const letter = interaction[0] === 's' ? 's' : interaction[0];
  throw new HubError(
    'forbidden',
    `This token does not allow ${interaction} on ${type}: it needs the scope system/${type}.${letter}.`,
  );
}

/**
 * Types that describe the network itself are made by the network (`hub org add`, the hub) or by a client
 * registered for loading, not by any client.
 */
export function requireMayCreate(actor: Actor, type: string): void {
  if (actor.kind === 'hub' || actor.kind === 'bot' || actor.loads) return;
  if (type === 'Organization') {
    throw new HubError('forbidden', {
      text: 'Organizations are added by the operator of the network (`hub org add`); an organization then keeps its own entry.',
      expression: 'Organization',
    });
  }
  if (isConformance(type)) {
    throw new HubError(
      'forbidden',
      `${type} resources are published by the operator of the network, not by a client.`,
    );
  }
}

/** Only the organization that owns a resource changes it. */
export function requireOwner(actor: Actor, resource: { type: string; id: string; source: string }): void {
  if (resource.source === actor.organization) return;
  throw new HubError('forbidden', {
    text: `${resource.type}/${resource.id} belongs to another organization; only that organization changes it.`,
    expression: resource.type,
  });
}

export interface NamedOrganization {
  expression: string;
  reference: string;
}

/** References by which a resource claims to be made in an organization's name. */
export function namedOrganizations(resource: Resource): NamedOrganization[] {
  const elements = namingElements[resource.resourceType] ?? [];
  return elements.flatMap(element => {
    const reference = (resource as unknown as Record<string, { reference?: string } | undefined>)[element]
      ?.reference;
    const isOrganization = reference && organizationTypes.includes(reference.split('/')[0] ?? '');
    return isOrganization ? [{ expression: `${resource.resourceType}.${element}`, reference }] : [];
  });
}

/** The refusal when a resource is written in another organization's name. */
export function notInAnothersName(named: NamedOrganization): HubError {
  return new HubError('forbidden', {
    text: `${named.expression} names an organization this client does not act for; name your own organization.`,
    expression: named.expression,
  });
}
