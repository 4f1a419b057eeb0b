import type { Actor } from '../access/actor.ts';
import { accessFilter } from '../access/filter.ts';
import { requireScope } from '../access/writes.ts';
import type { Parts } from './parts.ts';
import { requireType } from './resource-type.ts';

/** What the `meta` of resources says, each value once. */
export interface LabelsInUse {
  profiles: string[];
  tags: { system: string; code: string }[];
  security: { system: string; code: string }[];
}

/** Of a type, or of everything, as far as the actor may see it. */
export async function labelsInUse(
  { store, numbers, definitions, clock }: Parts,
  actor: Actor,
  type: string | undefined,
): Promise<LabelsInUse> {
  if (type !== undefined) {
    requireType({ definitions }, type);
    requireScope(actor, 'search', type);
  }
  const types = type === undefined ? [...definitions.resourceTypes] : [type];
  const filter = accessFilter(actor, 'search', clock.now().getTime());
  const params = (code: string) => types.flatMap(one => numbers.get(`${one}.${code}`) ?? []);
  const [profiles, tags, security] = await Promise.all([
    store.inUse('uri', params('_profile'), filter),
    store.inUse('tok', params('_tag'), filter),
    store.inUse('tok', params('_security'), filter),
  ]);
  return { profiles: profiles.map(({ code }) => code), tags, security };
}
