import type { Actor, Scope } from '../access/actor.ts';
import type { Store } from '../store/store.ts';
import type { SearchResult } from './repository.ts';
import type { Asked } from './run-search.ts';

/** Pages that were answered, for as long as asking again would give the same. */
export interface SearchMemory {
  /** The page as remembered, or as `search` now finds it. A page is shared with others who ask: nobody changes it. */
  recall(actor: Actor, asked: Asked, now: number, search: () => Promise<SearchResult>): Promise<SearchResult>;
}

interface Remembered {
  page: SearchResult;
  /** Characters of its resources. */
  size: number;
  /** Of the clock, when it was found. */
  at: number;
  /** When what the organization may see changes by itself; asked for when the page is first asked for again. */
  until?: Promise<number>;
}

/** Characters of all pages together, and questions: when there are more, all are forgotten. */
const mostCharacters = 8_000_000;
const mostQuestions = 10_000;

/**
 * Clients poll: the same search comes every few seconds, mostly with nothing new. A page holds until anything in the
 * database changes, or a relationship or consent of the organization begins or ends by itself. Where the database does
 * not tell whether it has changed, nothing is remembered.
 */
export function createSearchMemory(store: Pick<Store, 'state' | 'nextChange'>): SearchMemory {
  /** Of a question that came once, only that it came: most never come again, and keeping their pages would be dear. */
  let pages = new Map<string, Remembered | undefined>();
  let state: number | undefined;
  let size = 0;
  const identify = identities();

  function forget(next: number): void {
    pages = new Map();
    state = next;
    size = 0;
  }

  return {
    async recall(actor, asked, now, search) {
      const current = isAsked(actor, asked) ? store.state() : undefined;
      if (current === undefined) return search();
      if (current !== state || size > mostCharacters || pages.size > mostQuestions) forget(current);
      const key = `${identify(actor.scopes)} ${actor.kind} ${actor.id} ${actor.organization} ${keyOf(asked)}`;
      if (!pages.has(key)) {
        pages.set(key, undefined);
        return search();
      }
      const known = pages.get(key);
      if (known && now >= known.at) {
        known.until ??= store
          .nextChange(actor.organization, known.at)
          .then(until => until ?? Number.POSITIVE_INFINITY);
        if (now < (await known.until)) return known.page;
      }
      const page = await search();
      const length = page.entries.reduce((sum, { stored }) => sum + stored.body.length, 0);
      // What has been committed meanwhile may be in the page, and is in the next state as well.
      if (current === state) {
        pages.set(key, { page, size: length, at: now });
        size += length - (known?.size ?? 0);
      }
      return page;
    },
  };
}

/** What people and systems ask for; `ap` compares with the present moment. */
function isAsked(actor: Actor, { query }: Asked): boolean {
  if (actor.kind !== 'client' && actor.kind !== 'person') return false;
  for (const value of query.values()) if (/(?:^|,)ap/.test(value)) return false;
  return true;
}

function keyOf({ type = '', query, compartment, lenient }: Asked): string {
  const place = compartment ? `${compartment.type}/${compartment.id}` : '';
  return `${place}/${type}?${lenient ? 'lenient ' : ''}${query}`;
}

/** A number for each list of scopes; lists with the same content but made anew count as different. */
function identities(): (scopes: readonly Scope[]) => number {
  const known = new WeakMap<readonly Scope[], number>();
  let last = 0;
  return scopes => {
    const id = known.get(scopes) ?? ++last;
    known.set(scopes, id);
    return id;
  };
}
