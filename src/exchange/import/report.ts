import { type FileHandle, open } from 'node:fs/promises';
import { HubError } from '../../errors.ts';
import type { Entry } from './entry.ts';
import type { Listener } from './import.ts';
import type { ImportedFile } from './imported-file.ts';
import type { SourceFile } from './source-files.ts';
import { endings, type Tally } from './tally.ts';
import type { Refused } from './write-each.ts';

/** Where a report goes. */
export interface ReportOutput {
  /** A line for a person. */
  line(text: string): void;
  /** The number of entries dealt with so far, and of files. */
  progress(entries: number, files: number): void;
  /** The same for a machine, one JSON object a line. */
  file?: ReportFile;
  /** So many files that the lines tell only of those in which something was refused. */
  brief: boolean;
}

/** The report of an import: each refused entry as it comes, each file at its end, then all in one table. */
export class Report implements Listener {
  readonly #output: ReportOutput;
  #entries = 0;
  #files = 0;
  #skipped = 0;

  constructor(output: ReportOutput) {
    this.#output = output;
  }

  async skipped(
    { name }: SourceFile,
    { finished, tally }: { finished: string; tally: Tally },
  ): Promise<void> {
    this.#skipped += 1;
    this.#files += 1;
    if (!this.#output.brief)
      this.#output.line(
        `${name}: imported before, on ${finished} (${plural(tally.entries, 'entry', 'entries')}): passed over`,
      );
    await this.#output.file?.write({ kind: 'skipped', file: name, imported: finished, types: tally });
  }

  async refused(entry: Entry, { kind, problems }: Refused, because: boolean): Promise<void> {
    const { file, place, type, name } = entry;
    const { name: fileName } = file.source;
    const { issues } = new HubError(kind, [...problems]);
    const outcome = { resourceType: 'OperationOutcome', issue: issues };
    if (!because) {
      const where = [fileName, place, name ?? type].filter(part => part !== '').join(', ');
      this.#output.line(`refused: ${where}`);
      for (const text of new Set(problems.map(problem => problem.text))) this.#output.line(`    ${text}`);
    }
    await this.#output.file?.write({
      kind: 'refused',
      file: fileName,
      place,
      type,
      ...(name ? { resource: name } : {}),
      outcome,
    });
  }

  async ended({ source, tally, entries, from }: ImportedFile): Promise<void> {
    this.#files += 1;
    const total = tally.total();
    const parts = endings
      .filter(ending => total[ending] > 0)
      .map(ending => `${count(total[ending])} ${ending}`);
    const resumed =
      from > 0 ? ` (continued from ${source.format === 'ndjson' ? 'line' : 'entry'} ${from})` : '';
    const told = `${source.name}: ${plural(entries, 'entry', 'entries')}${resumed}: ${parts.join(', ') || 'nothing'}`;
    if (total.refused > 0 || !this.#output.brief) this.#output.line(told);
    await this.#output.file?.write({ kind: 'file', file: source.name, entries, types: tally });
  }

  moved(entries: number): void {
    this.#entries += entries;
    this.#output.progress(this.#entries, this.#files);
  }

  /** The table of everything, by resource type. */
  async end(tally: Tally, seconds: number): Promise<void> {
    if (this.#skipped > 0) {
      const files = plural(this.#skipped, 'file was', 'files were');
      this.#output.line(`${files} imported before and passed over: --restart imports them again`);
    }
    if (tally.entries > 0) for (const line of table(tally)) this.#output.line(line);
    const rate = seconds > 0 ? ` (${count(Math.round(this.#entries / seconds))}/s)` : '';
    this.#output.line(
      `${plural(tally.entries, 'entry', 'entries')} of ${plural(this.#files, 'file', 'files')} in ${seconds.toFixed(1)} s${rate}`,
    );
    await this.#output.file?.write({
      kind: 'total',
      entries: tally.entries,
      types: tally,
      all: tally.total(),
      seconds,
    });
  }
}

/** A file of JSON lines. */
export class ReportFile {
  readonly #handle: FileHandle;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  static async create(path: string): Promise<ReportFile> {
    return new ReportFile(await open(path, 'w'));
  }

  /** One after the other, in the order of the calls. */
  async write(line: object): Promise<void> {
    const before = this.#last;
    const written = before.then(() => this.#handle.write(`${JSON.stringify(line)}\n`));
    this.#last = written;
    await written;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

function table(tally: Tally): string[] {
  const total = tally.total();
  const rows = tally
    .byType()
    .map(([type, counts]) => [type, ...endings.map(ending => count(counts[ending]))]);
  const all = [['type', ...endings], ...rows, ['all', ...endings.map(ending => count(total[ending]))]];
  const widths = all[0]?.map((_, column) => Math.max(...all.map(row => row[column]?.length ?? 0))) ?? [];
  return all.map(row =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  '),
  );
}

const count = (number: number): string => number.toLocaleString('en-US');

const plural = (number: number, one: string, many: string): string =>
  `${count(number)} ${number === 1 ? one : many}`;
