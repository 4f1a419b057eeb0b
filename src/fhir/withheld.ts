import type { Resource } from '@medplum/fhirtypes';
import type { Actor } from '../access/actor.ts';
import { labelled } from '../access/labelling.ts';
import { labelMask } from '../access/labels.ts';
import type { Parts } from './parts.ts';
import { consentsOf } from './write/consents.ts';
import { type Carried, deniedTo } from './write/denied.ts';
import { visibleTo } from './write/visibility.ts';
import { createWorld } from './write/world.ts';

/** What an organization would be asked with: resources of one person (a Patient id), stored or not yet. */
export interface Asking {
  patient: string;
  resources: readonly Resource[];
}

/** Those of the organizations that would not be shown all of it; see `Repository.withheldFrom`. */
export async function withheldFrom(
  { patient, resources }: Asking,
  organizations: readonly string[],
  { parts, actor }: { parts: Parts; actor: Actor },
): Promise<ReadonlySet<string>> {
  const restricted = resources.filter(one => labelMask(labelled(one, undefined)) !== 0);
  if (restricted.length === 0) return new Set();
  const world = createWorld(parts);
  const names = restricted.map(({ resourceType, id }) => `${resourceType}/${id ?? ''}`);
  const located = await world.locate(names, visibleTo(actor, parts.clock.now()));
  // What is not stored is its author's.
  const carried = restricted.map((one, at): Carried => {
    const { visible, origin } = located.get(names[at] ?? '') ?? {};
    const labels = labelMask(labelled(one, undefined));
    return { patient, labels, discloser: visible && origin ? origin : actor.organization };
  });
  const consents = await consentsOf(patient, world, parts);
  const withheld = new Set<string>();
  for (const organization of new Set(organizations)) {
    for (const one of carried) {
      const denied = await deniedTo(organization, one, consents, { world, parts });
      if (denied.length > 0) withheld.add(organization);
    }
  }
  return withheld;
}
