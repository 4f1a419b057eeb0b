/**
 * Lets works go on at once that have nothing to do with each other: a work waits for those before it that write
 * something it writes or reads. Works must be given in their order.
 */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  async run<T>(
    names: { writes: Iterable<string>; reads: Iterable<string> },
    work: () => Promise<T>,
  ): Promise<T> {
    const writes = [...names.writes];
    const before = new Set([...writes, ...names.reads].map(name => this.#last.get(name)));
    const done = Promise.withResolvers<void>();
    for (const name of writes) this.#last.set(name, done.promise);
    try {
      await Promise.all(before);
      return await work();
    } finally {
      for (const name of writes) if (this.#last.get(name) === done.promise) this.#last.delete(name);
      done.resolve();
    }
  }
}
