import type { Actor } from '../../access/actor.ts';
import { HubError } from '../../errors.ts';
import type { Condition, StoredVersion } from '../../store/types.ts';
import type { Parts } from '../parts.ts';
import { searchContext } from '../run-search.ts';
import { parseSearch } from '../search/parse.ts';
import { visibleTo } from './visibility.ts';

/** Conditional interactions and references: searches among what the actor may see. */
export interface Conditions {
  match(type: string, query: string): Promise<{ matches: StoredVersion[]; condition: Condition }>;
  /** All matches, of which there may not be more than one commit deletes. */
  all(type: string, query: string): Promise<StoredVersion[]>;
}

/** How many resources one conditional delete takes away at most. */
const mostDeleted = 1000;

/** Conditions of one actor, each asked once. */
export function createConditions(parts: Parts, actor: Actor): Conditions {
  const asked = new Map<string, ReturnType<Conditions['match']>>();
  const read = async (type: string, query: string, count: number) => {
    const filter = visibleTo(actor, parts.clock.now());
    const parsed = await parseSearch(searchContext(parts, filter), {
      type,
      query: new URLSearchParams(query),
    });
    if (parsed.query.filters.length === 0) {
      throw new HubError(
        'precondition-failed',
        `A condition on ${type} needs at least one search parameter.`,
      );
    }
    const bounded = { ...parsed.query, count, total: 'none' } as const;
    const page = await parts.store.search(bounded, filter);
    return { page, bounded, filter };
  };
  const ask = async (type: string, query: string): ReturnType<Conditions['match']> => {
    const { page, bounded, filter } = await read(type, query, 2);
    return { matches: page.entries, condition: parts.store.condition(bounded, filter) };
  };
  return {
    match(type, query) {
      const key = `${type}?${query}`;
      const known = asked.get(key) ?? ask(type, query);
      asked.set(key, known);
      return known;
    },
    async all(type, query) {
      const { page } = await read(type, query, mostDeleted);
      if (page.next === undefined) return page.entries;
      throw new HubError(
        'precondition-failed',
        `The condition matches more than ${mostDeleted} ${type} resources: delete them in smaller groups.`,
      );
    },
  };
}

/** The one match, none, or an error: a condition must not be ambiguous. */
export function onlyMatch(matches: readonly StoredVersion[], type: string): StoredVersion | undefined {
  if (matches.length > 1) {
    throw new HubError(
      'precondition-failed',
      `The condition matches more than one ${type}: make it select one.`,
    );
  }
  return matches[0];
}
