import { batchesOf } from './batch.ts';
import type { NewAuditEvent } from './types.ts';

/** Events that are written together; all who brought one wait for the same. */
interface Load {
  events: NewAuditEvent[];
  written: PromiseWithResolvers<void>;
}

/** Events after which a load takes no more. */
const largest = 1000;

/** Turns of the event loop that a load waits, at most, as long as each brings something more. */
const mostTurns = 6;

/**
 * Gathers what is to be appended while the event loop has requests to go on with, and while a load is under way:
 * the busier the hub, the fewer transactions an event takes; an idle hub waits for nothing. `underWay` loads are
 * written at once.
 */
export class Batches {
  readonly #write: (batches: readonly string[]) => Promise<void>;
  readonly #most: number;
  #waiting: Load[] = [];
  #running = 0;
  #scheduled = false;

  constructor(write: (batches: readonly string[]) => Promise<void>, underWay: number) {
    this.#write = write;
    this.#most = underWay;
  }

  append(events: readonly NewAuditEvent[]): Promise<void> {
    const load = this.#open();
    for (const event of events) load.events.push(event);
    this.#schedule();
    return load.written.promise;
  }

  /** The load that takes what comes. */
  #open(): Load {
    const last = this.#waiting.at(-1);
    if (last && last.events.length < largest) return last;
    const load = { events: [], written: Promise.withResolvers<void>() };
    this.#waiting.push(load);
    return load;
  }

  #schedule(): void {
    const [first] = this.#waiting;
    if (this.#scheduled || this.#running >= this.#most || !first) return;
    this.#scheduled = true;
    this.#gather(first, first.events.length, 1);
  }

  #gather(load: Load, seen: number, turn: number): void {
    setImmediate(() => {
      const now = load.events.length;
      if (now > seen && now < largest && turn < mostTurns) return this.#gather(load, now, turn + 1);
      this.#scheduled = false;
      void this.#send();
    });
  }

  async #send(): Promise<void> {
    const load = this.#waiting.shift();
    if (!load) return;
    this.#running += 1;
    try {
      await this.#write(batchesOf(load.events));
      load.written.resolve();
    } catch (error) {
      load.written.reject(error);
    } finally {
      this.#running -= 1;
      this.#schedule();
    }
  }
}
