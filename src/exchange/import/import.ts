import type { Actor } from '../../access/actor.ts';
import type { Parts } from '../../fhir/parts.ts';
import type { Repository } from '../../fhir/repository.ts';
import { Checkpoints } from './checkpoints.ts';
import { isConditional, type Unit } from './chunk.ts';
import { type Entry, namesOf } from './entry.ts';
import { identityOf } from './identity.ts';
import { ImportedFile } from './imported-file.ts';
import { inOrder } from './in-order.ts';
import { digestOf } from './open-file.ts';
import { PutOff } from './put-off.ts';
import type { Contents } from './raw-entries.ts';
import type { SourceFile } from './source-files.ts';
import { Tally } from './tally.ts';
import { Turns } from './turns.ts';
import { unitsOf } from './units.ts';
import type { Refused } from './write-each.ts';
import { type Fate, type WriteEnv, writeUnit } from './write-unit.ts';

/** What is told while an import goes on. */
export interface Listener {
  /** A file was imported before, whole, and is passed over. */
  skipped(source: SourceFile, before: { finished: string; tally: Tally }): Promise<void> | void;
  /** An entry is refused for good. */
  refused(entry: Entry, refused: Refused, because: boolean): Promise<void> | void;
  /** A file has come to its end. */
  ended(file: ImportedFile): Promise<void> | void;
  /** Entries have been written, refused or put off: how many more. */
  moved(entries: number): void;
}

export interface ImportOptions {
  parts: Parts;
  repository: Repository;
  listener: Listener;
  /** Imports again what was imported before. */
  restart: boolean;
}

/** Units that are written at once: the store brings their commits together. */
const atOnce = 4;

/** So many new versions change what the database's planner should know. */
const bulk = 1000;

/**
 * Imports files in the name of the repository's actor (which is `importing`), in their order as far as it matters.
 * What refers to something that is not there yet is put off, and tried again until nothing changes any more.
 *
 * @returns how all entries ended, without those of files that are passed over
 */
export async function importFiles(sources: readonly SourceFile[], options: ImportOptions): Promise<Tally> {
  const running = new Import(options);
  try {
    await running.run(sources);
    return running.tally;
  } finally {
    await running.close();
  }
}

class Import {
  readonly tally = new Tally();
  readonly #options: ImportOptions;
  readonly #env: Omit<WriteEnv, 'mayWait'>;
  readonly #checkpoints: Checkpoints;
  readonly #turns = new Turns();
  readonly #putOff: PutOff;
  readonly #open = new Map<ImportedFile, Contents>();
  #written = 0;

  constructor(options: ImportOptions) {
    const { parts, repository } = options;
    const actor: Actor = repository.actor;
    this.#options = options;
    this.#env = { parts, actor, identity: identityOf(actor), repository };
    this.#checkpoints = new Checkpoints(parts.store.records, () => parts.clock.now());
    this.#putOff = new PutOff(this.#env);
  }

  async run(sources: readonly SourceFile[]): Promise<void> {
    const units = unitsOf(this.#files(sources), this.#env, (file, contents) =>
      this.#open.set(file, contents),
    );
    await this.#write(units, true);
    while (!this.#putOff.isEmpty) {
      const before = this.#written;
      await this.#write(this.#putOff.units(), true);
      if (this.#written === before) break;
    }
    await this.#write(this.#putOff.units(), false);
    if (this.#written >= bulk) await this.#options.parts.store.analyze();
  }

  async close(): Promise<void> {
    for (const contents of this.#open.values()) await contents.close();
  }

  /** The files that are still to be imported. */
  async *#files(sources: readonly SourceFile[]): AsyncGenerator<ImportedFile> {
    const { restart, listener } = this.#options;
    const seen = new Set<string>();
    for (const source of sources) {
      const key = `${this.#env.actor.id}/${await digestOf(source.path)}`;
      const earlier = restart || seen.has(key) ? undefined : await this.#checkpoints.find(key);
      if (earlier?.finished !== undefined) {
        await listener.skipped(source, { finished: earlier.finished, tally: new Tally(earlier.counts) });
      } else {
        yield new ImportedFile(source, seen.has(key) ? `${key}/${source.name}` : key, earlier);
      }
      seen.add(key);
    }
  }

  #write(units: AsyncIterable<Unit>, mayWait: boolean): Promise<void> {
    const env = { ...this.#env, mayWait };
    const work = async (unit: Unit) => {
      const names = { ...namesOf(unit.entries, env), alone: !unit.whole && unit.entries.some(isConditional) };
      const fates = await this.#turns.run(names, () => writeUnit(unit, env));
      return { unit, fates };
    };
    return inOrder(units, atOnce, work, ({ unit, fates }) => this.#take(unit, fates));
  }

  async #take({ whole, entries, ends }: Unit, fates: readonly Fate[]): Promise<void> {
    for (const [at, entry] of entries.entries()) await this.#settle(entry, fates[at] as Fate, whole);
    if (whole && fates[0]?.ending === 'put-off') this.#putOff.addTransaction(entries);
    for (const file of ends) file.read = true;
    const touched = new Set([...entries.map(entry => entry.file), ...ends]);
    await Promise.all(
      [...touched].map(file => (file.settled ? this.#end(file) : this.#checkpoints.pass(file))),
    );
    this.#options.listener.moved(fates.filter(fate => fate.ending !== 'put-off').length);
  }

  async #settle(entry: Entry, fate: Fate, whole: boolean): Promise<void> {
    const { file, at, type } = entry;
    if (fate.ending === 'put-off') {
      file.putOff(at);
      if (!whole) this.#putOff.add(entry, fate.needs);
      return;
    }
    this.#putOff.remove(entry);
    file.settle(at, type, fate.ending);
    if (fate.ending !== 'refused') this.#written += 1;
    else await this.#options.listener.refused(entry, fate.refused, fate.because === true);
  }

  async #end(file: ImportedFile): Promise<void> {
    await this.#checkpoints.end(file);
    await this.#open.get(file)?.close();
    this.#open.delete(file);
    this.tally.addAll(file.tally);
    await this.#options.listener.ended(file);
  }
}
