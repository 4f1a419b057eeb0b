import type { Resource } from '@medplum/fhirtypes';
import type { Actor } from '../../access/actor.ts';
import type { Parts } from '../../fhir/parts.ts';
import type { WriteOperation } from '../../fhir/repository.ts';
import { local } from '../../fhir/write/references.ts';
import { visibleTo } from '../../fhir/write/visibility.ts';
import { parseKey } from '../../fhir/write/world.ts';
import type { Located } from '../../store/types.ts';
import type { Identity } from './identity.ts';
import type { Planned } from './plan.ts';

export interface Env {
  parts: Parts;
  actor: Actor;
  identity: Identity;
}

/** An entry with the ids of the hub, in itself and in its references. */
export interface Settled {
  operation: WriteOperation;
  /** What it refers to that is neither in the hub nor among the entries it is settled with. */
  missing: string[];
}

/** A plan with what stands for it in its own file. */
export interface Named {
  planned: Planned;
  links: ReadonlyMap<string, string>;
}

/** Finds what the hub has of entries and of what they refer to, and gives each the ids by which the hub knows them. */
export async function settle(entries: readonly Named[], env: Env): Promise<Settled[]> {
  const located = await locate(entries, env);
  const own = new Map<string, string>();
  const ids = entries.map(({ planned }) => {
    const id = idIn(planned, located, env);
    if (id !== undefined) own.set(nameOf(planned, id), `${planned.type}/${id}`);
    return id;
  });
  const there = (name: string): boolean => {
    const row = located.get(name);
    return row?.visible === true && !row.deleted;
  };
  const targetOf = (name: string): string | undefined => own.get(name) ?? candidates(name, env).find(there);
  return entries.map((entry, at) => settled(entry, ids[at], targetOf, env));
}

/** By what an entry or a reference may be known in the hub: the id derived for it, or the one that is written. */
export function candidates(name: string, { identity }: Pick<Env, 'identity'>): string[] {
  const key = parseKey(name);
  if (identity.keeps || !key) return [name];
  return [`${key.type}/${identity.idOf(key.type, key.id)}`, name];
}

const nameOf = ({ type, written }: Planned, id: string): string => `${type}/${written ?? id}`;

async function locate(entries: readonly Named[], env: Env): Promise<Map<string, Located>> {
  const names = new Set<string>();
  for (const { planned } of entries) {
    if (!env.identity.keeps && planned.written !== undefined) names.add(`${planned.type}/${planned.written}`);
    for (const reference of planned.refers) names.add(reference);
  }
  const keys = [...names]
    .flatMap(name => candidates(name, env))
    .map(parseKey)
    .filter(key => key !== undefined);
  if (keys.length === 0) return new Map();
  const rows = await env.parts.store.locate(keys, visibleTo(env.actor, env.parts.clock.now()));
  return new Map(rows.map(row => [`${row.type}/${row.id}`, row]));
}

/** What the sender once got from the hub comes back under the hub's id; all else has the id derived from the sender's. */
function idIn(
  { type, written, id }: Planned,
  located: ReadonlyMap<string, Located>,
  env: Env,
): string | undefined {
  if (env.identity.keeps || written === undefined || id === undefined) return id;
  if (located.has(`${type}/${id}`)) return id;
  const same = located.get(`${type}/${written}`);
  return same?.visible && same.source === env.actor.organization ? written : id;
}

function settled(
  { planned, links }: Named,
  id: string | undefined,
  targetOf: (name: string) => string | undefined,
  env: Env,
): Settled {
  const missing = planned.refers.filter(name => targetOf(name) === undefined);
  const { operation } = planned;
  if (operation.kind === 'delete')
    return { operation: id === undefined ? operation : { ...operation, id }, missing };
  if (operation.kind === 'patch') return { operation, missing };
  const resource = linked(operation.resource, links, targetOf, env);
  if (operation.kind === 'create' || operation.id === undefined || id === undefined) {
    return { operation: { ...operation, resource }, missing };
  }
  return { operation: { ...operation, id, resource: { ...resource, id } }, missing };
}

/** The resource with its references to what the hub keeps under another name. */
function linked<R extends Resource>(
  resource: R,
  links: ReadonlyMap<string, string>,
  targetOf: (name: string) => string | undefined,
  { parts, identity }: Env,
): R {
  const within = parts.rewrite(resource, links);
  if (identity.keeps) return within;
  const changed = new Map<string, string>();
  for (const { reference } of parts.references(within)) {
    const name = local(reference);
    const target = name === undefined ? undefined : targetOf(name);
    if (name !== undefined && target !== undefined && target !== name)
      changed.set(reference, target + reference.slice(name.length));
  }
  return parts.rewrite(within, changed);
}
