import type { SourceFile } from './source-files.ts';
import { type Counts, type EndingName, Tally } from './tally.ts';

/** How far the import of a file has come: kept in the database, so that a killed import goes on from there. */
export interface Checkpoint {
  /** All places below are settled, but those that are to be tried again. */
  next: number;
  /** From and to, both inclusive: put off, or refused. */
  again: [from: number, to: number][];
  /** What was written so far. */
  counts: Record<string, Counts>;
  /** When all of it was written. */
  finished?: string;
}

/** A file while it is imported. */
export class ImportedFile {
  readonly source: SourceFile;
  /** Names its content to this client, wherever it lies. */
  readonly key: string;
  /** The place from which an earlier import is continued; 0 at the start. */
  readonly from: number;
  /** How each entry ended. What is refused is tried again by the next import of the file. */
  readonly tally: Tally;
  /** Entries met so far. */
  entries = 0;
  /** All of it has been read. */
  read = false;
  readonly #again = new Set<number>();
  readonly #putOff = new Set<number>();
  #next: number;

  constructor(source: SourceFile, key: string, earlier?: Checkpoint) {
    this.source = source;
    this.key = key;
    this.#next = this.from = earlier?.next ?? 0;
    this.tally = new Tally(earlier?.counts);
    for (const [from, to] of earlier?.again ?? []) for (let at = from; at <= to; at++) this.#again.add(at);
  }

  /** Whether the entry at a place is still to be written. */
  wants(at: number): boolean {
    return at >= this.#next || this.#again.has(at);
  }

  settle(at: number, type: string, ending: EndingName): void {
    this.#pass(at);
    this.#putOff.delete(at);
    if (ending === 'refused') this.#again.add(at);
    else this.#again.delete(at);
    this.tally.add(type, ending);
  }

  /** It refers to something that is not there yet: it is tried again when all else is written. */
  putOff(at: number): void {
    this.#pass(at);
    this.#again.add(at);
    this.#putOff.add(at);
  }

  /** Everything is written or refused. */
  get settled(): boolean {
    return this.read && this.#putOff.size === 0;
  }

  get refused(): number {
    return this.tally.total().refused;
  }

  /** Of what is refused nothing is kept: the next import finds out anew. */
  checkpoint(finished?: Date): Checkpoint {
    const counts = Object.fromEntries(this.tally.byType().map(([type, of]) => [type, { ...of, refused: 0 }]));
    return {
      next: this.#next,
      again: ranges(this.#again),
      counts,
      ...(finished ? { finished: finished.toISOString() } : {}),
    };
  }

  #pass(at: number): void {
    if (at >= this.#next) this.#next = at + 1;
  }
}

function ranges(numbers: ReadonlySet<number>): [from: number, to: number][] {
  const found: [number, number][] = [];
  for (const at of [...numbers].sort((a, b) => a - b)) {
    const last = found.at(-1);
    if (last && last[1] === at - 1) last[1] = at;
    else found.push([at, at]);
  }
  return found;
}
