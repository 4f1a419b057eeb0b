import type { Actor } from '../access/actor.ts';
import { HubError } from '../errors.ts';
import type { Resources } from './resources.ts';
import { typeOf } from './write/drafts.ts';

/**
 * The resources of an actor that is confined to a few (a link): beyond those nothing exists for it, whatever its
 * organization may see.
 */
export function confined(resources: Resources, { confined: bounds }: Actor): Resources {
  if (!bounds) return resources;
  const within = (type: string, id: string) => {
    const key = `${type}/${id}`;
    if (key !== bounds.writes && !bounds.reads.includes(key))
      throw new HubError('not-found', `There is no ${key}.`);
  };
  return {
    read: async (type, id) => {
      within(type, id);
      return resources.read(type, id);
    },
    vread: async () => refuse(),
    search: async () => refuse(),
    history: async () => refuse(),
    labels: async () => refuse(),
    withheldFrom: async () => refuse(),
    async write(operations, options) {
      for (const operation of operations) {
        const id = 'id' in operation ? operation.id : undefined;
        if (operation.kind !== 'update' || `${typeOf(operation)}/${id}` !== bounds.writes) refuse();
      }
      return resources.write(operations, options);
    },
  };
}

function refuse(): never {
  throw new HubError('forbidden', 'A link reads and answers what it was made for, and nothing else.');
}
