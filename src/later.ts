/** Work that an answer does not wait for: it fails into the log, and the hub does not end before it. */
export interface Later {
  run(work: () => Promise<unknown>, failed: string): void;
  settled(): Promise<void>;
}

export function createLater(log: { error(about: object, text: string): void }): Later {
  const running = new Set<Promise<void>>();
  return {
    run(work, failed) {
      const one = work()
        .then(
          () => undefined,
          error => log.error({ err: error }, failed),
        )
        .finally(() => running.delete(one));
      running.add(one);
    },
    async settled() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
