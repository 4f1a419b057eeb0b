import { randomUUID } from 'node:crypto';
import type { Resource } from '@medplum/fhirtypes';
import type { Actor } from '../../access/actor.ts';
import type { AccessFilter } from '../../access/filter.ts';
import { requireMayCreate, requireScope } from '../../access/writes.ts';
import { HubError } from '../../errors.ts';
import type { Expectation, Located, StoredVersion } from '../../store/types.ts';
import type { Parts } from '../parts.ts';
import type { WriteOperation } from '../repository.ts';
import { atOperation } from './at-operation.ts';
import { type Conditions, onlyMatch } from './conditions.ts';
import { type Item, keyOf } from './item.ts';
import { patched } from './patch.ts';

/** The resources that operations are about, with what is stored of them now. */
export interface Targets {
  items: Item[];
  /** What conditional creates rely on. */
  expect: Expectation[];
}

interface Draft {
  operation: WriteOperation;
  /** Its operation's place in the caller's list: a conditional delete is as many drafts as it has matches. */
  index: number;
  type: string;
  /** Absent: a new one. */
  id?: string;
  found?: StoredVersion;
  expect?: Expectation;
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

export const typeOf = (operation: WriteOperation): string =>
  operation.kind === 'create' ? operation.resource.resourceType : operation.type;

const interactionOf = (operation: WriteOperation) => (operation.kind === 'patch' ? 'update' : operation.kind);

async function draftsOf(
  operation: WriteOperation,
  index: number,
  env: { parts: Parts; conditions: Conditions },
): Promise<Draft[]> {
  const type = typeOf(operation);
  const about = { operation, index, type };
  if (operation.kind === 'create') return [await draftCreate(operation, index, env.conditions)];
  if (operation.id !== undefined) return [{ ...about, id: operation.id }];
  const condition = operation.condition ?? '';
  if (operation.kind === 'delete') {
    const all = await env.conditions.all(type, condition);
    if (all.length > 0) return all.map(match => ({ ...about, id: match.id, found: match }));
  } else {
    const match = onlyMatch((await env.conditions.match(type, condition)).matches, type);
    if (match) return [{ ...about, id: match.id, found: match }];
  }
  if (operation.kind === 'update')
    return [{ ...about, ...(operation.resource.id ? { id: operation.resource.id } : {}) }];
  throw new HubError('not-found', `No ${type} matches the condition.`);
}

async function draftCreate(
  operation: WriteOperation & { kind: 'create' },
  index: number,
  conditions: Conditions,
): Promise<Draft> {
  const about = { operation, index, type: typeOf(operation) };
  if (operation.ifNoneExist === undefined) return about;
  const { matches, condition } = await conditions.match(about.type, operation.ifNoneExist);
  const match = onlyMatch(matches, about.type);
  if (match) return { ...about, id: match.id, found: match };
  return { ...about, expect: { kind: 'no-match', condition } };
}

interface Stored {
  located: Map<string, Located>;
  versions: Map<number, StoredVersion>;
}

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
  if (!located?.visible || !version?.body) return missing(one, rid, located, actor);
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

/** Nothing (visible) is there: a create, an update as create, or an error. */
function missing(one: Draft, rid: number, located: Located | undefined, actor: Actor): Item {
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
  const source = (operation.kind === 'create' ? operation.inNameOf : undefined) ?? actor.organization;
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
  const source = operation.inNameOf ?? actor.organization;
  const common = { operation, index, type, id, after: operation.resource, action: 'create', source } as const;
  return located ? { ...common, rid: located.rid, located } : { ...common, rid };
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

function requireSameId(resource: Resource, id: string): void {
  if (resource.id === id) return;
  throw new HubError('invalid', {
    text: `The resource must carry the id it is written to: "${id}".`,
    expression: `${resource.resourceType}.id`,
  });
}

/** https://hl7.org/fhir/R4/http.html#concurrency */
function checkIfMatch(operation: WriteOperation, located: Located): void {
  if (operation.kind === 'create' || operation.ifMatch === undefined) return;
  if (operation.ifMatch.trim() === '*' || tags(operation.ifMatch).includes(String(located.ver))) return;
  throw new HubError('precondition-failed', {
    text: `${keyOf(located)} is at version ${located.ver} now, not ${operation.ifMatch}: read it again and decide anew.`,
  });
}

function checkNotExpected(operation: WriteOperation, type: string): void {
  if (operation.kind === 'create' || operation.ifMatch === undefined) return;
  throw new HubError('precondition-failed', `If-Match names a version, but there is no such ${type}.`);
}

const tags = (header: string): string[] =>
  [...header.matchAll(/(?:W\/)?"([^"]*)"/g)].map(match => match[1] as string);

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
