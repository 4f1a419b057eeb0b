export interface Names {
  writes: Iterable<string>;
  reads: Iterable<string>;
  /** It waits for all before it, and all after it wait for it. */
  alone?: boolean;
}

/**
 * Lets works go on at once that have nothing to do with each other: a work waits for those before it that write
 * something it writes or reads. Works must be given in their order.
 */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();
  readonly #open = new Set<Promise<void>>();
  #alone: Promise<void> | undefined;

  async run<T>(names: Names, work: () => Promise<T>): Promise<T> {
    const writes = [...names.writes];
    const met = [...writes, ...names.reads].map(name => this.#last.get(name));
    const before = names.alone ? [...this.#open] : [this.#alone, ...met];
    const done = Promise.withResolvers<void>();
    this.#open.add(done.promise);
    if (names.alone) this.#alone = done.promise;
    for (const name of writes) this.#last.set(name, done.promise);
    try {
      await Promise.all(before);
      return await work();
    } finally {
      for (const name of writes) if (this.#last.get(name) === done.promise) this.#last.delete(name);
      if (this.#alone === done.promise) this.#alone = undefined;
      this.#open.delete(done.promise);
      done.resolve();
    }
  }
}
