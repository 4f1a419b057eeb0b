import { randomUUID } from 'node:crypto';
import type { Resource } from '@medplum/fhirtypes';
import type { Actor } from '../../access/actor.ts';
import { requireMayCreate } from '../../access/writes.ts';
import { HubError } from '../../errors.ts';
import type { Located } from '../../store/types.ts';
import type { WriteOperation } from '../repository.ts';
import type { Draft } from './drafts.ts';
import type { Item } from './item.ts';
import { checkNotExpected } from './precondition.ts';

/** Nothing (visible) is there: a create, an update as create, or an error. */
export function absentItem(one: Draft, rid: number, located: Located | undefined, actor: Actor): Item {
  const { operation, type, index } = one;
  if (operation.kind === 'patch' || operation.kind === 'delete') {
    if (operation.kind === 'delete' && located?.visible && located.deleted) {
      return {
        operation,
        index,
        type,
        id: located.id,
        rid: located.rid,
        located,
        action: 'unchanged',
        source: located.source,
      };
    }
    throw new HubError('not-found', `There is no ${type}/${one.id}.`);
  }
  checkNotExpected(operation, type);
  requireMayCreate(actor, type);
  if (operation.kind === 'update' && one.id !== undefined)
    return updateAsCreate(one, one.id, rid, located, actor);
  const source = ownerOf(operation, actor);
  return {
    operation,
    index,
    type,
    id: randomUUID(),
    rid,
    after: operation.resource,
    action: 'create',
    source,
  };
}

function updateAsCreate(
  one: Draft,
  id: string,
  rid: number,
  located: Located | undefined,
  actor: Actor,
): Item {
  const { operation, type, index } = one;
  if (operation.kind !== 'update') throw new Error('an update was expected');
  const revives = located?.visible && located.source === actor.organization;
  if (!actor.loads && !actor.importing && actor.kind !== 'hub' && !revives) {
    throw new HubError('not-found', {
      text: `There is no ${type}/${id}. New resources are created with POST: the hub gives the id.`,
    });
  }
  if (located && !revives)
    throw new HubError('conflict', `The id ${type}/${id} cannot be used: choose another.`);
  requireSameId(operation.resource, id);
  const source = ownerOf(operation, actor);
  const common = { operation, index, type, id, after: operation.resource, action: 'create', source } as const;
  return located ? { ...common, rid: located.rid, located } : { ...common, rid };
}

/** Whose own a new resource is: its author's, or where the hub writes for another, that organization's. */
function ownerOf(operation: WriteOperation, actor: Actor): string {
  const named = 'inNameOf' in operation ? operation.inNameOf : undefined;
  if (named !== undefined && actor.kind !== 'hub' && actor.kind !== 'bot')
    throw new Error('only the hub and its bots write in the name of another');
  return named ?? actor.organization;
}

export function requireSameId(resource: Resource, id: string): void {
  if (resource.id === id) return;
  throw new HubError('invalid', {
    text: `The resource must carry the id it is written to: "${id}".`,
    expression: `${resource.resourceType}.id`,
  });
}
