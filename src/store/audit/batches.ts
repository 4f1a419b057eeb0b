import type { NewAuditRow } from './types.ts';

interface Waiting {
  rows: readonly NewAuditRow[];
  resolve(): void;
  reject(error: unknown): void;
}

/** Rows in one transaction. */
const largest = 1000;

/** Turns of the event loop that a batch waits, at most, as long as each brings something more. */
const mostTurns = 6;

/**
 * Gathers what is to be appended while the event loop has requests to go on with, and while a batch is under way:
 * the busier the hub, the fewer transactions an event takes; an idle hub waits for nothing. `underWay` batches are
 * written at once.
 */
export class Batches {
  readonly #write: (rows: readonly NewAuditRow[]) => Promise<void>;
  readonly #most: number;
  #waiting: Waiting[] = [];
  #running = 0;
  #scheduled = false;

  constructor(write: (rows: readonly NewAuditRow[]) => Promise<void>, underWay: number) {
    this.#write = write;
    this.#most = underWay;
  }

  append(rows: readonly NewAuditRow[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ rows, resolve, reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#scheduled || this.#running >= this.#most || this.#waiting.length === 0) return;
    this.#scheduled = true;
    this.#gather(this.#waiting.length, 1);
  }

  #gather(seen: number, turn: number): void {
    setImmediate(() => {
      const now = this.#waiting.length;
      if (now > seen && turn < mostTurns) return this.#gather(now, turn + 1);
      this.#scheduled = false;
      void this.#send();
    });
  }

  async #send(): Promise<void> {
    const batch = this.#take();
    this.#running += 1;
    try {
      await this.#write(batch.flatMap(one => one.rows));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      this.#running -= 1;
      this.#schedule();
    }
  }

  #take(): Waiting[] {
    let rows = 0;
    const end = this.#waiting.findIndex(one => {
      rows += one.rows.length;
      return rows > largest;
    });
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : Math.max(end, 1));
  }
}
