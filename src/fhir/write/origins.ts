import type { Reference, Resource, ServiceRequest } from '@medplum/fhirtypes';
import { isReferralTask } from '../../referral/lifecycle/referral-task.ts';
import type { Parts } from '../parts.ts';
import { type Item, keyOf, writes } from './item.ts';
import { internal, type World } from './world.ts';

/**
 * Whose information the written resources are, by `Type/id`, where that is another organization than their owner.
 * What the hub passes on of a referral (its own request, and the Tasks by which it asks) says what the sender's
 * says: it is the hub's to write, and the sender's to disclose.
 */
export async function originsOf(world: World, parts: Parts): Promise<ReadonlyMap<string, string>> {
  const passedOn = world.items.flatMap(item => {
    const from = item.source === parts.hubOrganization && writes(item) ? passedOnFrom(item) : undefined;
    return from ? [{ item, from }] : [];
  });
  if (passedOn.length === 0) return new Map();
  const located = await world.locate(new Set(passedOn.map(({ from }) => from)), internal(parts));
  const origins = passedOn.flatMap(({ item, from }) => {
    const origin = located.get(from)?.origin ?? world.item(from)?.source;
    return origin && origin !== item.source ? [[keyOf(item), origin] as const] : [];
  });
  return new Map(origins);
}

/** `Type/id` of what a resource of the hub is made from. */
function passedOnFrom({ before, after = before }: Item): string | undefined {
  if (after?.resourceType === 'ServiceRequest') return isFiller(after) ? first(after.basedOn) : undefined;
  return after?.resourceType === 'Task' && isReferralTask(after) ? first(after.partOf) : undefined;
}

const isFiller = ({ intent }: ServiceRequest): boolean => intent === 'filler-order';

const first = (references: Reference<Resource>[] | undefined): string | undefined =>
  references?.[0]?.reference;
