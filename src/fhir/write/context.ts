import type { Resource } from '@medplum/fhirtypes';
import type { Actor } from '../../access/actor.ts';
import type { Parts } from '../parts.ts';
import { organizationOf } from './organizations.ts';
import type { RuleContext } from './rules.ts';
import type { World } from './world.ts';
import { internal } from './world.ts';

/** What a rule may ask, answered from the world of the write it is applied to. */
export function createRuleContext(world: World, parts: Parts, actor: Actor): RuleContext {
  return {
    now: parts.clock.now(),
    hubOrganization: parts.hubOrganization,
    get: async <R extends Resource>(reference: string) => (await world.get(reference)) as R | undefined,
    referring: async <R extends Resource>(type: string, parameter: string, target: string) =>
      (await world.referring(type, parameter, target)) as R[],
    organizationOf: reference => organizationOf(world, reference),
    actsFor: organization => actsFor(world, parts, actor, organization),
  };
}

/** An actor speaks for its own organization, and for those whose directory entry its organization keeps. */
export async function actsFor(
  world: World,
  parts: Parts,
  actor: Actor,
  organization: string | undefined,
): Promise<boolean> {
  if (!organization) return false;
  if (organization === actor.organization) return true;
  const reference = `Organization/${organization}`;
  const source =
    world.item(reference)?.source ??
    (await world.locate([reference], internal(parts))).get(reference)?.source;
  return source === actor.organization;
}
