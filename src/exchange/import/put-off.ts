import { Chunk, type Unit } from './chunk.ts';
import type { Entry } from './entry.ts';
import { candidates, type Env } from './settle.ts';

/** An entry that waits, without its resource: that is read again when its turn comes. */
interface Waiting {
  key: string;
  again(): Promise<Entry>;
  needs: readonly string[];
}

/** What refers to something that was not there when its turn came. */
export class PutOff {
  readonly #env: Env;
  readonly #waiting = new Map<string, Waiting>();
  readonly #byName = new Map<string, string>();
  readonly #transactions = new Map<string, Waiting[]>();

  constructor(env: Env) {
    this.#env = env;
  }

  get isEmpty(): boolean {
    return this.#waiting.size === 0 && this.#transactions.size === 0;
  }

  add(entry: Entry, needs: readonly string[]): void {
    const key = keyOf(entry);
    if (this.#waiting.has(key)) return;
    this.#waiting.set(key, { key, again: entry.again, needs });
    for (const name of entry.name ? candidates(entry.name, this.#env) : []) this.#byName.set(name, key);
  }

  addTransaction(entries: readonly Entry[]): void {
    const [first] = entries;
    if (first)
      this.#transactions.set(
        keyOf(first),
        entries.map(entry => ({ key: keyOf(entry), again: entry.again, needs: [] })),
      );
  }

  /** It waits no more. */
  remove(entry: Entry): void {
    this.#waiting.delete(keyOf(entry));
    this.#transactions.delete(keyOf(entry));
  }

  /** All that waits, in units in which those are together that need each other; what is needed comes first. */
  async *units(): AsyncGenerator<Unit> {
    const chunk = new Chunk();
    const taken = new Set<string>();
    for (const key of [...this.#waiting.keys()]) {
      const group = await Promise.all(this.#needed(key, taken).map(one => one.again()));
      if (chunk.isFullFor(group)) yield chunk.take();
      chunk.add(group);
    }
    if (!chunk.isEmpty) yield chunk.take();
    for (const waiting of [...this.#transactions.values()]) {
      const entries = await Promise.all(waiting.map(one => one.again()));
      yield { whole: true, entries, ends: [] };
    }
  }

  /** An entry with those it cannot be written without, and they without, as far as they have not been taken. */
  #needed(key: string, taken: Set<string>): Waiting[] {
    const found: Waiting[] = [];
    const open = [key];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const waiting = this.#waiting.get(next);
      if (!waiting || taken.has(next)) continue;
      taken.add(next);
      found.push(waiting);
      for (const name of waiting.needs) {
        const needed = candidates(name, this.#env).map(one => this.#byName.get(one));
        open.push(...needed.filter(one => one !== undefined));
      }
    }
    return found.reverse();
  }
}

const keyOf = ({ file, at }: Pick<Entry, 'file' | 'at'>): string => `${file.key}#${at}`;
