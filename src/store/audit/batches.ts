import type { NewAuditRow } from './types.ts';

interface Waiting {
  rows: readonly NewAuditRow[];
  resolve(): void;
  reject(error: unknown): void;
}

/** Rows in one transaction. */
const largest = 1000;

/**
 * Gathers what is to be appended in one turn of the event loop, and while a batch is under way: the busier the
 * hub, the fewer transactions an event takes. `underWay` batches are written at once.
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
    setImmediate(() => {
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
