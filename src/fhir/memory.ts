import type { Actor, Scope } from '../access/actor.ts';
import type { Store } from '../store/store.ts';

/** What was answered, for as long as asking again would give the same. */
export interface Memory {
  /**
   * The answer as remembered, or as `find` now finds it. It is shared with others who ask: nobody changes it. The
   * question is all that decides the answer beside the actor: an interaction with what it is asked for.
   */
  recall<T>(
    actor: Actor,
    question: string,
    now: number,
    find: () => Promise<T>,
    sizeOf: (answer: T) => number,
  ): Promise<T>;
}

interface Remembered {
  answer: unknown;
  /** Characters of its resources. */
  size: number;
  /** Of the clock, when it was found. */
  at: number;
  /** When what the organization may see changes by itself; asked for when the answer is first asked for again. */
  until?: number;
}

/** Characters of all answers together, and questions: when there are more, all are forgotten. */
const mostCharacters = 8_000_000;
const mostQuestions = 10_000;

/**
 * Clients poll: the same question comes every few seconds, mostly with nothing new. An answer holds until anything in
 * the database changes, or a relationship or consent of the organization begins or ends by itself. Where the database
 * does not tell whether it has changed, nothing is remembered.
 */
export function createMemory(store: Pick<Store, 'state' | 'nextChange'>): Memory {
  /** Of a question that came once, only that it came: most never come again, and keeping their answers would be dear. */
  let answers = new Map<string, Remembered | undefined>();
  let state: number | undefined;
  let size = 0;
  const identify = identities();

  function forget(next: number): void {
    answers = new Map();
    state = next;
    size = 0;
  }

  return {
    async recall<T>(
      actor: Actor,
      question: string,
      now: number,
      find: () => Promise<T>,
      sizeOf: (answer: T) => number,
    ) {
      const current = polls(actor) ? store.state() : undefined;
      if (current === undefined) return find();
      if (current !== state || size > mostCharacters || answers.size > mostQuestions) forget(current);
      const key = `${identify(actor.scopes)} ${actor.kind} ${actor.id} ${actor.organization} ${question}`;
      const known = answers.get(key);
      if (known === undefined && !answers.has(key)) {
        answers.set(key, undefined);
        return find();
      }
      if (known && now >= known.at) {
        known.until ??= (await store.nextChange(actor.organization, known.at)) ?? Number.POSITIVE_INFINITY;
        if (now < known.until) return known.answer as T;
      }
      const answer = await find();
      const length = sizeOf(answer);
      // What has been committed meanwhile may be in the answer, and is in the next state as well.
      if (current === state) {
        answers.set(key, { answer, size: length, at: now });
        size += length - (known?.size ?? 0);
      }
      return answer;
    },
  };
}

/** People and systems do; bots are told of changes. */
const polls = ({ kind }: Actor): boolean => kind === 'client' || kind === 'person';

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
