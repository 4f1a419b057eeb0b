import type { Subscription } from '@medplum/fhirtypes';
import type { Draft } from '../../fhir/search/draft.ts';
import { type Changed, matches } from './matches.ts';
import type { Wanted } from './wanted.ts';

/** A subscription that changes are compared with. */
export interface Standing {
  id: string;
  status: Subscription['status'];
  /** Epoch milliseconds. */
  end: number | undefined;
  wanted: Wanted;
  drafts: readonly Draft[];
}

/**
 * The subscriptions that stand, found by what a change has: each is kept under the values of one of its conditions
 * (a reference before a code), so that a change is compared with the few that name one of its values.
 */
export function createStanding() {
  const byId = new Map<string, Standing>();
  const byKey = new Map<string, Set<string>>();

  function remove(id: string): void {
    const known = byId.get(id);
    if (!known) return;
    byId.delete(id);
    for (const key of keysOf(known)) {
      const ids = byKey.get(key);
      ids?.delete(id);
      if (ids?.size === 0) byKey.delete(key);
    }
  }

  return {
    put(standing: Standing): void {
      remove(standing.id);
      byId.set(standing.id, standing);
      for (const key of keysOf(standing)) byKey.set(key, (byKey.get(key) ?? new Set()).add(standing.id));
    },
    remove,
    all: (): Standing[] => [...byId.values()],
    isEmpty: (): boolean => byId.size === 0,
    /** Those that want to be told of the version. */
    wanting(type: string, changed: Changed, now: number): Standing[] {
      const found = new Set<string>();
      for (const key of namesOf(type, changed)) for (const id of byKey.get(key) ?? []) found.add(id);
      return [...found]
        .map(id => byId.get(id))
        .filter(one => one !== undefined)
        .filter(one => one.end === undefined || one.end > now)
        .filter(one => matches(changed, one.drafts));
    },
  };
}

export type StandingSubscriptions = ReturnType<typeof createStanding>;

/** Of one condition: where any of its values is, the subscription is looked at. */
function keysOf({ wanted: { type }, drafts }: Standing): string[] {
  for (const draft of drafts)
    if (draft.kind === 'reference' && draft.elsewhere.length === 0)
      return draft.any.map(key => `${type} r ${draft.param} ${key.type}/${key.id}`);
  for (const draft of drafts)
    if (draft.kind === 'token' && !draft.negate && draft.any.every(value => value.code !== null))
      return draft.any.map(value => `${type} t ${draft.param} ${value.code}`);
  return [type];
}

function* namesOf(type: string, { values }: Changed): Generator<string> {
  yield type;
  for (const [param, target] of values.ref) yield `${type} r ${param} ${target}`;
  for (const [param, code] of values.tok) yield `${type} t ${param} ${code}`;
}
