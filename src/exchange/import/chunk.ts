import type { Entry } from './entry.ts';
import type { ImportedFile } from './imported-file.ts';

/** What is written together. */
export interface Unit {
  /** A transaction: all of it or nothing. Otherwise each entry stands for itself. */
  whole: boolean;
  entries: Entry[];
  /** Files that have been read to their end with this unit. */
  ends: ImportedFile[];
}

/** Entries in a chunk, and their bytes where known; more only where they must be written together. */
const mostEntries = 100;
const mostBytes = 8 * 1024 * 1024;

/** What a condition selects depends on all that is written before: nothing else is written with it. */
export const isConditional = ({ name, content }: Entry): boolean =>
  name === undefined && !('refused' in content);

/** Gathers entries that stand for themselves: as many as make a good commit, no resource twice. */
export class Chunk {
  ends: ImportedFile[] = [];
  #entries: Entry[] = [];
  readonly #names = new Set<string>();
  #bytes = 0;

  get isEmpty(): boolean {
    return this.#entries.length === 0 && this.ends.length === 0;
  }

  /** Whether it must be taken before these are added. */
  isFullFor(entries: readonly Entry[]): boolean {
    if (this.#entries.length === 0) return false;
    if ([...this.#entries.slice(-1), ...entries].some(isConditional)) return true;
    const bytes = entries.reduce((sum, entry) => sum + entry.size, this.#bytes);
    if (this.#entries.length + entries.length > mostEntries || bytes > mostBytes) return true;
    return entries.some(({ name }) => name !== undefined && this.#names.has(name));
  }

  add(entries: readonly Entry[]): void {
    for (const entry of entries) {
      this.#entries.push(entry);
      this.#bytes += entry.size;
      if (entry.name !== undefined) this.#names.add(entry.name);
    }
  }

  take(): Unit {
    const unit = { whole: false, entries: this.#entries, ends: this.ends };
    this.#entries = [];
    this.ends = [];
    this.#names.clear();
    this.#bytes = 0;
    return unit;
  }
}
