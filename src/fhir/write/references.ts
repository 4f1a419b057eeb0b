import type { Resource } from '@medplum/fhirtypes';
import type { Actor } from '../../access/actor.ts';
import { HubError, type Problem } from '../../errors.ts';
import type { Expectation, Key, Located, Rid } from '../../store/types.ts';
import type { Parts } from '../parts.ts';
import { atOperation, named } from './at-operation.ts';
import { type Conditions, onlyMatch } from './conditions.ts';
import { type Item, keyOf, writes } from './item.ts';
import { visibleTo } from './visibility.ts';
import { internal, parseKey, type World } from './world.ts';

/**
 * References as they are stored: entries of the same write by their `fullUrl`, conditional ones by what they
 * select, this server's own absolute URLs as relative ones, in any order of entries.
 * https://hl7.org/fhir/R4/http.html#trules
 */
export async function settleReferences(
  items: readonly Item[],
  env: { parts: Parts; conditions: Conditions },
): Promise<void> {
  const { parts } = env;
  const links = new Map<string, string>();
  for (const item of items) {
    const { operation } = item;
    if (operation.kind !== 'delete' && operation.fullUrl) links.set(operation.fullUrl, keyOf(item));
  }
  await settleConditional(items, env, links);
  const problems: Problem[] = [];
  for (const item of items) {
    if (!item.after || !writes(item)) continue;
    settleOwn(item.after, parts, links);
    item.after = parts.rewrite(item.after, links);
    for (const problem of unsettled(item.after, parts)) problems.push(named(problem, item.index));
  }
  if (problems.length) throw new HubError('unprocessable', problems);
}

/** Absolute URLs of this server, and links to a version of an entry. */
function settleOwn(resource: Resource, parts: Parts, links: Map<string, string>): void {
  const base = `${parts.baseUrl}/`;
  for (const { reference } of parts.references(resource)) {
    if (links.has(reference)) continue;
    const [plain, version] = splitVersion(reference);
    const known = links.get(plain);
    if (known && version) links.set(reference, known + version);
    else if (reference.startsWith(base)) links.set(reference, reference.slice(base.length));
  }
}

const splitVersion = (reference: string): [string, string] => {
  const at = reference.indexOf('/_history/');
  return at < 0 ? [reference, ''] : [reference.slice(0, at), reference.slice(at)];
};

async function settleConditional(
  items: readonly Item[],
  env: { parts: Parts; conditions: Conditions },
  links: Map<string, string>,
): Promise<void> {
  const wanted = new Map<string, { index: number | undefined; expression: string }>();
  for (const item of items) {
    if (!item.after || !writes(item)) continue;
    for (const { reference, path } of env.parts.references(item.after)) {
      if (!/^[A-Z][A-Za-z]+\?/.test(reference) || wanted.has(reference)) continue;
      wanted.set(reference, { index: item.index, expression: `${path}.reference` });
    }
  }
  for (const [reference, { index, expression }] of wanted) {
    const [type, query] = reference.split(/\?(.*)/s) as [string, string];
    const own = items.filter(item => item.type === type && promises(item, query));
    const match =
      own[0] ?? (await atOperation(index, () => conditional(type, query, expression, env.conditions)));
    links.set(reference, keyOf(match));
  }
}

async function conditional(
  type: string,
  query: string,
  expression: string,
  conditions: Conditions,
): Promise<Key> {
  const match = onlyMatch((await conditions.match(type, query)).matches, type);
  if (match) return match;
  const text = `No ${type} matches the conditional reference.`;
  throw new HubError('unprocessable', { text, expression, code: 'not-found' });
}

/** Whether a resource of this very write is what the condition selects: the same condition, or its identifier. */
function promises(item: Item, query: string): boolean {
  const { operation } = item;
  if (operation.kind === 'create' && operation.ifNoneExist === query) return true;
  if (operation.kind === 'update' && operation.condition === query) return true;
  const identifier = /^identifier=([^&|]*)\|([^&,|]+)$/.exec(query);
  if (!identifier) return false;
  const [, system, value] = identifier.map(part => decodeURIComponent(part ?? ''));
  const own = (item.after as { identifier?: { system?: string; value?: string }[] } | undefined)?.identifier;
  return Array.isArray(own) && own.some(one => (one?.system ?? '') === system && one?.value === value);
}

function unsettled(resource: Resource, parts: Parts): Problem[] {
  return parts.references(resource).flatMap(({ path, reference }) => {
    if (!/^urn:(uuid|oid):/.test(reference)) return [];
    const text = `${path} refers to an entry that is not in this write: send both in one transaction.`;
    return [{ text, expression: `${path}.reference`, code: 'not-found' }];
  });
}

/** The row numbers of everything referred to, and what the commit must still find. */
export interface Resolved {
  ridOf(reference: string): Rid | undefined;
  expect: Expectation[];
}

/**
 * Checks that what is newly referred to exists for the actor. A reference that was there before stays as it is:
 * who changes a resource need not see everything another party attached to it.
 */
export async function resolveReferences(world: World, parts: Parts, actor: Actor): Promise<Resolved> {
  const wanted = new Set<string>();
  const checked: { item: Item; path: string; reference: string }[] = [];
  for (const item of world.items) {
    if (!writes(item)) continue;
    const earlier = new Set(
      item.before ? parts.references(item.before).map(one => local(one.reference)) : [],
    );
    for (const reference of earlier) if (reference) wanted.add(reference);
    for (const { path, reference } of item.after ? parts.references(item.after) : []) {
      const target = local(reference);
      if (!target) continue;
      wanted.add(target);
      if (!earlier.has(target)) checked.push({ item, path, reference: target });
    }
  }
  const outside = [...wanted].filter(reference => !world.item(reference));
  const located = outside.length
    ? await world.locate(outside, visibleTo(actor, parts.clock.now()))
    : new Map<string, Located>();
  refuseDangling(checked, world, located, actor);
  const expect = [...new Set(checked.map(one => located.get(one.reference)?.rid))]
    .filter(rid => rid !== undefined)
    .map(rid => ({ kind: 'exists', rid }) as const);
  return { ridOf: reference => world.item(reference)?.rid ?? located.get(reference)?.rid, expect };
}

function refuseDangling(
  checked: readonly { item: Item; path: string; reference: string }[],
  world: World,
  located: ReadonlyMap<string, Located>,
  actor: Actor,
): void {
  const problems: Problem[] = [];
  for (const { item, path, reference } of checked) {
    const own = world.item(reference);
    const target = located.get(reference);
    // What the hub and its bots write passes on the references of others, also to what the hub itself cannot see.
    const hubs = item.index === undefined || actor.kind === 'hub' || actor.kind === 'bot';
    const visible = hubs ? target !== undefined : target?.visible;
    const there = own ? own.action !== 'delete' : visible && !target?.deleted;
    if (there) continue;
    problems.push(named(dangling(path, reference), item.index));
  }
  if (problems.length) throw new HubError('unprocessable', problems);
}

const dangling = (path: string, reference: string): Problem => ({
  text: `${path} refers to ${reference}, which does not exist here.`,
  expression: `${path}.reference`,
  code: 'not-found',
});

/** What would be refused of the references of a resource if it were written: it is not. */
export async function danglingReferences(
  { before, after }: { before: Resource | undefined; after: Resource },
  parts: Parts,
  actor: Actor,
): Promise<Problem[]> {
  const earlier = new Set(before ? parts.references(before).map(one => one.reference) : []);
  const named = parts.references(after).flatMap(({ path, reference }) => {
    const own = reference.replace(`${parts.baseUrl}/`, '');
    const target = earlier.has(reference) ? undefined : local(own);
    return target ? [{ path, target }] : [];
  });
  const keys = named.map(({ target }) => parseKey(target)).filter(key => key !== undefined);
  const rows = keys.length > 0 ? await parts.store.locate(keys, visibleTo(actor, parts.clock.now())) : [];
  const there = new Set(rows.filter(one => one.visible && !one.deleted).map(keyOf));
  return named.filter(({ target }) => !there.has(target)).map(({ path, target }) => dangling(path, target));
}

/** `Type/id` of a reference to this server, without a version; undefined for contained, external and logical ones. */
export function local(reference: string): string | undefined {
  const [plain] = splitVersion(reference);
  return parseKey(plain) ? plain : undefined;
}

/** Row numbers of references that relationships and earlier index rows need, whoever may see them. */
export async function locateAll(
  world: World,
  parts: Parts,
  wanted: Iterable<string>,
): Promise<(reference: string) => Rid | undefined> {
  const outside = [...new Set(wanted)].filter(reference => !world.item(reference));
  const located = await world.locate(outside, internal(parts));
  return reference => world.item(reference)?.rid ?? located.get(reference)?.rid;
}
