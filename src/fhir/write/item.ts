import type { Resource } from '@medplum/fhirtypes';
import type { Located, Rid, StoredVersion } from '../../store/types.ts';
import type { WriteOperation, WriteResult } from '../repository.ts';

/** One resource of a write while it is being prepared. */
export interface Item {
  operation: WriteOperation;
  /** Its place in the caller's list; absent for a rule's consequence, which the hub writes. */
  index?: number;
  type: string;
  id: string;
  rid: Rid;
  /** Where the stored resource stands; absent on a create. */
  located?: Located;
  before?: Resource;
  after?: Resource;
  /** `found`: a conditional create met an existing resource, nothing is written. */
  action: 'create' | 'update' | 'delete' | 'found' | 'unchanged';
  /** Organization id that owns the resource. */
  source: string;
  /** What the caller gets: the version as found, or as written. */
  version?: StoredVersion;
  /** A create with the same condition as an earlier one of the list. */
  sameAs?: Item;
}

export const keyOf = (item: { type: string; id: string }): string => `${item.type}/${item.id}`;

/** Whether the item changes the database. */
export const writes = (item: Item): boolean =>
  item.action === 'create' || item.action === 'update' || item.action === 'delete';

export const outcomeOf: Record<Item['action'], WriteResult['outcome']> = {
  create: 'created',
  update: 'updated',
  delete: 'deleted',
  found: 'found',
  unchanged: 'unchanged',
};
