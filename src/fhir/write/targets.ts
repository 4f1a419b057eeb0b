import type { Resource } from '@medplum/fhirtypes';
import type { Actor } from '../../access/actor.ts';
import type { AccessFilter } from '../../access/filter.ts';
import { requireScope } from '../../access/writes.ts';
import { HubError } from '../../errors.ts';
import type { Expectation, Located, StoredVersion } from '../../store/types.ts';
import type { Parts } from '../parts.ts';
import type { WriteOperation } from '../repository.ts';
import { absentItem, requireSameId } from './absent.ts';
import { atOperation } from './at-operation.ts';
import type { Conditions } from './conditions.ts';
import { type Draft, draftsOf, typeOf } from './drafts.ts';
import { type Item, keyOf } from './item.ts';
import { patched } from './patch.ts';
import { checkIfMatch } from './precondition.ts';

/** The resources that operations are about, with what is stored of them now. */
export interface Targets {
  items: Item[];
  /** What conditional creates rely on. */
  expect: Expectation[];
}

/** Finds or allots the resource of each operation: conditions, ids, current versions, patches. */
export async function resolveTargets(
  operations: readonly WriteOperation[],
  env: { parts: Parts; actor: Actor; conditions: Conditions; filter: AccessFilter },
): Promise<Targets> {
  for (const [index, operation] of operations.entries()) {
    await atOperation(index, () => requireScope(env.actor, interactionOf(operation), typeOf(operation)));
  }
  const drafts = (
    await Promise.all(operations.map((one, index) => atOperation(index, () => draftsOf(one, index, env))))
  ).flat();
  const stored = await currentVersions(drafts, env.parts, env.filter);
  const rids = await env.parts.store.reserve(drafts.length);
  const itemAt = (one: Draft, at: number) =>
    atOperation(one.index, () => itemOf(one, rids[at] as number, stored, env.actor));
  const items = await Promise.all(drafts.map(itemAt));
  shareConditions(items);
  refuseTwice(items);
  return { items, expect: drafts.flatMap(one => (one.expect ? [one.expect] : [])) };
}

interface Stored {
  located: Map<string, Located>;
  versions: Map<number, StoredVersion>;
}

const interactionOf = (operation: WriteOperation) => (operation.kind === 'patch' ? 'update' : operation.kind);

async function currentVersions(
  drafts: readonly Draft[],
  parts: Parts,
  filter: AccessFilter,
): Promise<Stored> {
  const keys = drafts.flatMap(({ type, id }) => (id === undefined ? [] : [{ type, id }]));
  if (!keys.length) return { located: new Map(), versions: new Map() };
  const rows = await parts.store.locate(keys, filter);
  const live = rows.filter(row => row.visible && !row.deleted).map(row => row.rid);
  const versions = live.length ? await parts.store.readMany(live, filter) : [];
  // A body read after `locate` may be newer: its version is the one that counts.
  const version = new Map(versions.map(one => [one.rid, one]));
  const located = rows.map(row => ({ ...row, ver: version.get(row.rid)?.ver ?? row.ver }));
  return {
    located: new Map(located.map(row => [keyOf(row), row])),
    versions: version,
  };
}

function itemOf(one: Draft, rid: number, stored: Stored, actor: Actor): Item {
  const { operation, type, index } = one;
  const located = one.id === undefined ? undefined : stored.located.get(`${type}/${one.id}`);
  const version = located && stored.versions.get(located.rid);
  if (one.found && operation.kind === 'create') {
    const { id, rid: own } = one.found;
    return { operation, index, type, id, rid: own, action: 'found', source: '', version: one.found };
  }
  if (!located?.visible || !version?.body) return absentItem(one, rid, located, actor);
  checkIfMatch(operation, located);
  const before = JSON.parse(version.body) as Resource;
  const common = {
    operation,
    index,
    type,
    id: located.id,
    rid: located.rid,
    located,
    before,
    version,
    source: located.source,
  };
  if (operation.kind === 'delete') return { ...common, action: 'delete' };
  return { ...common, after: replacement(operation, before, located.id), action: 'update' };
}

function replacement(operation: WriteOperation, before: Resource, id: string): Resource {
  if (operation.kind === 'patch') {
    const after = patched(before, operation.patch);
    if (after?.id !== id || after.resourceType !== before.resourceType) {
      throw new HubError('invalid', {
        text: 'A patch cannot change resourceType or id.',
        expression: `${before.resourceType}.id`,
      });
    }
    return after;
  }
  if (operation.kind !== 'update') throw new Error('an update was expected');
  if (operation.id !== undefined) requireSameId(operation.resource, id);
  return operation.resource;
}

/** Creates with one and the same condition are one create: the later ones find what the first makes. */
function shareConditions(items: readonly Item[]): void {
  const first = new Map<string, Item>();
  for (const item of items) {
    if (
      item.action !== 'create' ||
      item.operation.kind !== 'create' ||
      item.operation.ifNoneExist === undefined
    )
      continue;
    const condition = `${item.type}?${item.operation.ifNoneExist}`;
    const known = first.get(condition);
    if (known) Object.assign(item, { id: known.id, rid: known.rid, action: 'found', sameAs: known });
    else first.set(condition, item);
  }
}

function refuseTwice(items: readonly Item[]): void {
  const seen = new Set<string>();
  for (const item of items) {
    if (item.action === 'found') continue;
    if (seen.has(keyOf(item))) {
      throw new HubError(
        'invalid',
        `${keyOf(item)} is written twice in one transaction: each resource may appear once.`,
      );
    }
    seen.add(keyOf(item));
  }
}
