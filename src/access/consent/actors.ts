import type { ConsentProvision, ConsentProvisionActor } from '@medplum/fhirtypes';
import { discloserRoles, recipientRoles } from './policy.ts';
import type { ConsentFacts } from './question.ts';

/** CodeSystem of general designations (terminology/consent-recipient.json). */
const designationSystem = 'https://warmhandoff.example/fhir/CodeSystem/consent-recipient';

/** Recipients that a provision names: organizations (ids) and general designations. */
export interface Recipients {
  organizations: readonly string[];
  designations: readonly string[];
}

/** The provision's recipients; undefined when it says nothing of them. */
export function recipientsOf(provision: ConsentProvision, facts: ConsentFacts): Recipients | undefined {
  const actors = (provision.actor ?? []).filter(actor => !isDiscloser(actor));
  if (actors.length === 0) return undefined;
  const known = actors.filter(actor => designation(actor) !== undefined || has(actor, recipientRoles));
  return {
    organizations: known.flatMap(actor => organizationsOf(actor, facts)),
    designations: known.flatMap(actor => designation(actor) ?? []),
  };
}

/** Organizations (ids) that an actor of any role names: whom a denial may mean. */
export const namedIn = (provision: ConsentProvision, facts: ConsentFacts): string[] =>
  (provision.actor ?? []).flatMap(actor => organizationsOf(actor, facts));

/** The disclosers of a provision; undefined when it says nothing of them. */
export function disclosersOf(provision: ConsentProvision, facts: ConsentFacts): Recipients | undefined {
  const actors = (provision.actor ?? []).filter(isDiscloser);
  if (actors.length === 0) return undefined;
  return {
    organizations: actors.flatMap(actor => organizationsOf(actor, facts)),
    designations: actors.flatMap(actor => designation(actor) ?? []),
  };
}

const isDiscloser = (actor: ConsentProvisionActor): boolean => has(actor, discloserRoles);

const has = (actor: ConsentProvisionActor, roles: ReadonlySet<string>): boolean =>
  (actor.role?.coding ?? []).some(({ code }) => code !== undefined && roles.has(code));

/** The class of organizations that an actor stands for, where it refers to none. */
function designation(actor: ConsentProvisionActor): string | undefined {
  if (actor.reference?.reference) return undefined;
  return (actor.role?.coding ?? []).find(({ system }) => system === designationSystem)?.code;
}

const organizationsOf = ({ reference }: ConsentProvisionActor, facts: ConsentFacts): readonly string[] =>
  facts.organizations.get(reference?.reference ?? '') ?? [];
