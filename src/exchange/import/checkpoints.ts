import type { Records } from '../../store/store.ts';
import type { Checkpoint, ImportedFile } from './imported-file.ts';

const kind = 'import';

/** Milliseconds between two checkpoints, at least: what was written since the last one is found as it is. */
const interval = 1000;

/** Keeping them may take this part of the time: where very much is put off they are large. */
const share = 0.05;

/** Keeps how far each file has come, in the database it is imported to. */
export class Checkpoints {
  readonly #records: Records;
  readonly #now: () => Date;
  #next = 0;

  constructor(records: Records, now: () => Date) {
    this.#records = records;
    this.#now = now;
  }

  async find(key: string): Promise<Checkpoint | undefined> {
    const record = await this.#records.get(kind, key, this.#now().getTime());
    return record?.value as Checkpoint | undefined;
  }

  /** Now and then, as the file goes on. */
  async pass(file: ImportedFile): Promise<void> {
    const now = performance.now();
    if (now < this.#next) return;
    this.#next = now + interval;
    await this.#put(file.key, file.checkpoint());
    this.#next += (performance.now() - now) / share;
  }

  /** When there is no more to do for now; finished, when nothing is left to be tried again. */
  async end(file: ImportedFile): Promise<void> {
    await this.#put(file.key, file.checkpoint(file.refused === 0 ? this.#now() : undefined));
  }

  async #put(id: string, value: Checkpoint): Promise<void> {
    await this.#records.put({ kind, id, value, expires: null, family: null });
  }
}
