import type { AccessFilter } from '../../src/access/filter.ts';
import type { CommitList, IndexRows, VersionWrite } from '../../src/store/types.ts';

/** No index rows. */
export const noRows: IndexRows = {
  tok: [],
  ref: [],
  str: [],
  dt: [],
  num: [],
  qty: [],
  uri: [],
  pos: [],
  tuple: [],
};

/** A version with a body that names it; it is the organization `clinic`'s, in no compartment, without labels. */
export function version(write: Partial<VersionWrite> & { rid: number }): VersionWrite {
  const { type = 'Task', id = `id-${write.rid}`, ver = 1 } = write;
  const op = write.op ?? (ver === 1 ? 'create' : 'update');
  return {
    type,
    id,
    ver,
    at: 1_700_000_000_000 + ver,
    op,
    body:
      op === 'delete' ? null : JSON.stringify({ resourceType: type, id, meta: { versionId: String(ver) } }),
    actor: 'tester',
    org: 'clinic',
    purpose: null,
    source: 'clinic',
    patient: null,
    label: 0,
    open: false,
    add: noRows,
    remove: noRows,
    work: [],
    ...write,
  };
}

/** A list of these writes, and whatever else is given. */
export function listOf(writes: readonly VersionWrite[], more: Partial<CommitList> = {}): CommitList {
  return { expect: [], writes, links: [], ...more };
}

/** What `organization` may see now (at the time 1,000), all types in scope. */
export function asSeenBy(organization: string, more: Partial<AccessFilter> = {}): AccessFilter {
  return { organization, now: 1000, types: '*', ...more };
}
