import type { Actor } from '../../access/actor.ts';
import type { StoredVersion } from '../../store/types.ts';
import { type Parts, parameterNumber } from '../parts.ts';
import { visibleTo } from '../write/visibility.ts';
import { internal } from '../write/world.ts';

/** How many documents may name one file before it is looked no further. */
const most = 50;

/**
 * A Binary belongs to no patient: it is readable by who may read a DocumentReference that names it. Only one that
 * its own organization wrote counts: nobody opens a file by naming it, and none that is labelled more than its document.
 */
export async function readableBinary(
  parts: Parts,
  actor: Actor,
  id: string,
): Promise<StoredVersion | undefined> {
  const binary = await parts.store.read({ type: 'Binary', id }, internal(parts));
  if (!binary?.body) return undefined;
  const addresses = [`Binary/${id}`, `${parts.baseUrl}/Binary/${id}`];
  const page = await parts.store.search(
    {
      types: ['DocumentReference'],
      filters: [
        {
          kind: 'uri',
          param: parameterNumber(parts, 'DocumentReference', 'location'),
          any: addresses.map(uri => ({ uri, match: 'exact' as const })),
        },
      ],
      sort: [{ kind: 'lastUpdated', descending: true }],
      count: most,
      total: 'none',
    },
    visibleTo(actor, parts.clock.now()),
  );
  const naming = page.entries.find(one => one.source === binary.source && (binary.label & ~one.label) === 0);
  return naming && { ...binary, patient: binary.patient ?? naming.patient };
}
