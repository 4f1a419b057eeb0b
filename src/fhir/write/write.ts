import type { Actor } from '../../access/actor.ts';
import { namedOrganizations, notInAnothersName, requireOwner } from '../../access/writes.ts';
import { isFollowUpTask } from '../../care/follow-up/facts.ts';
import { HubError, type Problem } from '../../errors.ts';
import { isReferralTask } from '../../referral/lifecycle/referral-task.ts';
import { isReceipt } from '../../referral/working/message-rule.ts';
import type { CommitList, Expectation, VersionWrite } from '../../store/types.ts';
import type { Parts } from '../parts.ts';
import type { WriteOperation, WriteOptions, WriteResult } from '../repository.ts';
import { storedOf } from '../stored.ts';
import { atOperation, named } from './at-operation.ts';
import { clearancesOf } from './clearances.ts';
import { expectations, versionOf } from './compile.ts';
import { type Conditions, createConditions } from './conditions.ts';
import { createRuleContext } from './context.ts';
import { type Item, keyOf, outcomeOf, writes } from './item.ts';
import { applyLabels } from './labels.ts';
import { linksOf } from './links.ts';
import { sameContent } from './meta.ts';
import { originsOf } from './origins.ts';
import { resolveReferences, settleReferences } from './references.ts';
import { requireWithinScopes } from './scope.ts';
import { resolveTargets } from './targets.ts';
import { refuseUnseen } from './unseen.ts';
import { visibleTo } from './visibility.ts';
import { createWorld, internal, type World } from './world.ts';

interface Env {
  parts: Parts;
  actor: Actor;
  options: WriteOptions;
}

/** A write prepared from what was stored at the time, and what must still hold when it is committed. */
interface Prepared {
  world: World;
  results: Item[];
  list: CommitList;
}

/** What a write answers, and every version it made: those that followed from it included. */
export interface Written {
  results: WriteResult[];
  versions: readonly VersionWrite[];
}

/** How often a write is prepared again because somebody else was faster. */
const attempts = 12;

/**
 * The one write path: resolve → patch → validate → rules → own and exist → index and relationships → commit,
 * and once more from the start when what it relied on has changed meanwhile.
 */
export async function write(operations: readonly WriteOperation[], env: Env): Promise<Written> {
  for (let attempt = 1; ; attempt++) {
    const prepared = await prepare(operations, env);
    const committed = await commit(prepared, env);
    if (committed.ok) {
      return { results: resultsOf(prepared.results, operations.length), versions: prepared.list.writes };
    }
    refuseOrRetry(committed.failed, prepared, attempt);
    // Two who keep meeting part ways by waiting for different times.
    await new Promise(resolve => setTimeout(resolve, Math.random() * attempt * 4));
  }
}

async function prepare(operations: readonly WriteOperation[], env: Env): Promise<Prepared> {
  const { parts, actor } = env;
  const conditions = createConditions(parts, actor);
  const filter = visibleTo(actor, parts.clock.now());
  const { items, expect } = await resolveTargets(operations, { parts, actor, conditions, filter });
  if (env.options.unless) expect.push(await requireNone(env.options.unless, conditions));
  await settleReferences(items, { parts, conditions });
  await validate(items, parts);
  const world = createWorld(parts);
  for (const item of items) if (item.action !== 'found') world.add(item);
  for (const item of items) await atOperation(item.index, () => authorize(item, world, env));
  await applyRules(items, world, env);
  applyLabels(world, env.options);
  await refuseUnseen(world, env);
  for (const item of world.items) settleUnchanged(item);
  return compile(world, items, expect, env);
}

/** Nothing fits the condition now, and must not when the write is committed. */
async function requireNone(
  { type, query }: { type: string; query: string },
  conditions: Conditions,
): Promise<Expectation> {
  const { matches, condition } = await conditions.match(type, query);
  if (matches.length > 0)
    throw new HubError('conflict', `There is a ${type} already that fits the condition.`);
  return { kind: 'no-match', condition };
}

/** Everything that is wrong, of all resources at once. */
async function validate(items: readonly Item[], parts: Parts): Promise<void> {
  const problems: Problem[] = [];
  for (const item of items) {
    if (!item.after || !writes(item)) continue;
    for (const problem of await parts.validate(item.after))
      problems.push(named(sentence(problem), item.index));
  }
  if (problems.length) throw new HubError('invalid', problems);
}

/** The validator says what is wrong with an element; a caller that shows only the text must see which one. */
const sentence = (problem: Problem): Problem =>
  problem.expression ? { ...problem, text: `${problem.expression} ${problem.text}` } : problem;

/** Own resources only, in one's own name only; a referral's Task moves by the lifecycle, for both its parties. */
async function authorize(item: Item, world: World, { parts, actor }: Env): Promise<void> {
  if (!writes(item) || actor.kind === 'hub') return;
  const referral = [item.before, item.after].some(one => one?.resourceType === 'Task' && isReferralTask(one));
  const receipt = item.action === 'update' && isReceipt(item.before, item.after);
  const followUp = item.action === 'update' && actor.kind === 'bot' && isFollowUpTask(item.before);
  if (item.located && item.before && !(referral && item.action !== 'delete') && !receipt && !followUp)
    requireOwner(actor, { ...item, source: item.source });
  if (!item.after || (referral && item.before)) return;
  const known = new Set(item.before ? namedOrganizations(item.before).map(one => one.reference) : []);
  const context = createRuleContext(world, parts, actor);
  for (const named of namedOrganizations(item.after)) {
    if (known.has(named.reference)) continue;
    const organization = await context.organizationOf(named.reference);
    if (organization && (await context.actsFor(organization))) continue;
    // What does not exist for the actor is refused as such, with its place, when references are checked.
    const located = await world.locate([named.reference], visibleTo(actor, parts.clock.now()));
    if (located.get(named.reference)?.visible) throw notInAnothersName(named);
  }
}

async function applyRules(items: readonly Item[], world: World, { parts, actor }: Env): Promise<void> {
  const context = createRuleContext(world, parts, actor);
  for (const item of items) {
    if (!writes(item)) continue;
    for (const rule of parts.rules) {
      if (!rule.types.includes(item.type)) continue;
      const { id, source, before, after } = item;
      const change = { id, source, ...(before ? { before } : {}), ...(after ? { after } : {}), actor };
      const result = await atOperation(item.index, () => rule.apply(change, context));
      if (result.after) item.after = result.after;
      if (result.also?.length) await addConsequences(result.also, world, parts);
    }
  }
}

/** What a rule adds is written as the hub, in the same commit. */
async function addConsequences(also: readonly WriteOperation[], world: World, parts: Parts): Promise<void> {
  const actor = hubActor(parts);
  const fresh: WriteOperation[] = [];
  for (const operation of also) {
    const own =
      operation.kind === 'update' && operation.id
        ? world.item(`${operation.type}/${operation.id}`)
        : undefined;
    if (own && operation.kind === 'update') own.after = operation.resource;
    else fresh.push(operation);
  }
  if (!fresh.length) return;
  const conditions = createConditions(parts, actor);
  const { items } = await resolveTargets(fresh, { parts, actor, conditions, filter: internal(parts) });
  await settleReferences(items, { parts, conditions });
  for (const item of items) {
    const { index: _index, ...consequence } = item;
    await validate([consequence], parts);
    world.add(consequence);
  }
}

const everything = { type: '*', create: true, read: true, update: true, delete: true, search: true } as const;

/** The hub itself, as the write path's own author. */
export const hubActor = (parts: Pick<Parts, 'hubOrganization'>): Actor => ({
  kind: 'hub',
  id: 'hub',
  organization: parts.hubOrganization,
  scopes: [everything],
});

function settleUnchanged(item: Item): void {
  if (item.action === 'update' && item.before && item.after && sameContent(item.before, item.after)) {
    item.action = 'unchanged';
    item.after = item.before;
  }
}

async function compile(world: World, results: Item[], given: Expectation[], env: Env): Promise<Prepared> {
  const { parts, actor, options } = env;
  const resolved = await resolveReferences(world, parts, actor);
  const at = parts.clock.now();
  const origins = await originsOf(world, parts);
  const versions = world.items
    .filter(writes)
    .map(item => versionOf(item, { ...env, at, ridOf: resolved.ridOf, origins }));
  await requireWithinScopes(results, { parts, actor, ridOf: resolved.ridOf });
  const links = versions.length ? await linksOf(world, parts) : [];
  const cleared = await clearancesOf(world, parts);
  const cursor = options.cursor;
  const expect = expectations(world, [...given, ...resolved.expect, ...cleared.expect]);
  const list: CommitList = {
    expect: cursor ? [...expect, { kind: 'cursor', name: cursor.name, from: cursor.from }] : expect,
    writes: versions,
    links: [...links, ...cleared.links],
    ...(cursor ? { cursor: { name: cursor.name, to: cursor.to } } : {}),
  };
  return { world, results, list };
}

async function commit({ list }: Prepared, { parts }: Env) {
  if (!list.writes.length && !list.cursor && !list.expect.length) return { ok: true } as const;
  return parts.store.commit(list);
}

/** A version the caller named, or a thing still referred to, is the caller's to mend; the rest is tried again. */
function refuseOrRetry(failed: Expectation, { world, results }: Prepared, attempt: number): void {
  if (failed.kind === 'unreferenced') {
    const item = world.items.find(one => one.rid === failed.rid);
    throw new HubError(
      'conflict',
      `${item ? keyOf(item) : 'The resource'} is still referred to by other resources: change or delete those first.`,
    );
  }
  if (failed.kind === 'cursor')
    throw new HubError('conflict', 'Another process has moved on in the change feed.');
  const named =
    failed.kind === 'version' &&
    results.some(item => item.rid === failed.rid && 'ifMatch' in item.operation && item.operation.ifMatch);
  // The next attempt reads the new version and answers a stale If-Match with 412 itself.
  if (named && attempt > 1)
    throw new HubError('precondition-failed', 'The resource has changed: read it again and decide anew.');
  if (attempt >= attempts)
    throw new HubError('conflict', 'Others keep changing the same resources: try again.');
}

/** One result for each operation; a conditional delete is one, however many it deleted. */
function resultsOf(items: readonly Item[], operations: number): WriteResult[] {
  const byOperation = Map.groupBy(items, item => item.index);
  return Array.from({ length: operations }, (_, index) => {
    const [item] = byOperation.get(index) ?? [];
    if (!item) throw new Error(`operation ${index} has no result`);
    return resultOf(item);
  });
}

function resultOf(item: Item): WriteResult {
  const version = item.version ?? item.sameAs?.version;
  return { outcome: outcomeOf[item.action], ...(version?.body ? { stored: storedOf(version) } : {}) };
}
