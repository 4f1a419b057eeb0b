import type { Records } from '../../store/store.ts';
import type { DirectoryEntry } from './entries.ts';
import type { Written } from './merge.ts';
import type { RefreshReport } from './report.ts';

/** What is remembered of one entry of a source. */
export interface Remembered {
  type: DirectoryEntry['resourceType'];
  written: Written;
  /** How many refreshes in a row it was not there. */
  missed: number;
}

/** What a source said last, kept beside the directory: what a site has changed itself is told from it. */
export class SourceMemory {
  readonly #records: Records;
  readonly #source: string;
  readonly #now: () => Date;

  constructor(records: Records, source: string, now: () => Date) {
    this.#records = records;
    this.#source = source;
    this.#now = now;
  }

  async all(): Promise<Map<string, Remembered>> {
    const records = await this.#records.list(this.#kind, this.#now().getTime());
    return new Map(records.map(({ id, value }) => [id, value as Remembered]));
  }

  async remember(key: string, value: Remembered): Promise<void> {
    await this.#records.put({ kind: this.#kind, id: key, value, expires: null, family: null });
  }

  async keepReport(value: RefreshReport): Promise<void> {
    const kind = 'directory-report';
    await this.#records.put({ kind, id: this.#source, value, expires: null, family: null });
  }

  async lastReport(): Promise<RefreshReport | undefined> {
    const record = await this.#records.get('directory-report', this.#source, this.#now().getTime());
    return record?.value as RefreshReport | undefined;
  }

  get #kind(): string {
    return `directory ${this.#source}`;
  }
}
