import type { FileHandle } from 'node:fs/promises';
import type { Bundle, BundleEntry, Resource } from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import { parseJson } from '../../fhir/parse-json.ts';
import { type Line, lineAt, linesOf, longestLine } from './lines.ts';
import { openLines, readDocument } from './open-file.ts';
import type { SourceFile } from './source-files.ts';

/** What stands at one place of a file, before anything is known of it. */
export interface RawEntry {
  /** A number that is the place's own within the file, rising. */
  at: number;
  /** As reports name it: `line 3`, `Bundle.entry[3]`, or nothing where the file is one resource. */
  place: string;
  /** Bytes, where they are known without reading it. */
  size: number;
  /** Reads it; again where need be, so that what is put off is not kept in memory. HubError when it is no JSON. */
  read(): Promise<BundleEntry | null>;
}

export interface Contents {
  /** A transaction is written whole or not at all. */
  transaction: boolean;
  /** The fullUrls of entries that may refer to each other by them. */
  linked: readonly BundleEntry[];
  /** @param wanted false for a place that is to be passed over */
  entries(wanted: (at: number) => boolean): AsyncGenerator<RawEntry | Passed>;
  close(): Promise<void>;
}

/** An entry that is not wanted. */
export interface Passed {
  passed: true;
}

export const isPassed = (entry: RawEntry | Passed): entry is Passed => 'passed' in entry;

const passed: Passed = { passed: true };

/** Opens a file to be read entry by entry; HubError when it is nothing that can be imported. */
export function openContents(source: SourceFile): Promise<Contents> {
  return source.format === 'ndjson' ? openNdjson(source) : openDocument(source);
}

async function openNdjson(source: SourceFile): Promise<Contents> {
  const handle = await openLines(source);
  return {
    transaction: false,
    linked: [],
    async *entries(wanted) {
      for await (const line of linesOf(handle)) {
        if (!line.tooLong && isBlank(line.bytes)) continue;
        yield wanted(line.number) ? lineEntry(handle, line) : passed;
      }
    },
    close: () => handle.close(),
  };
}

/** A line as an entry: what is kept of it after it was read is where it stands. */
function lineEntry(handle: FileHandle, { number, offset, bytes, tooLong }: Line): RawEntry {
  const { length } = bytes;
  let first: Uint8Array | undefined = bytes;
  return {
    at: number,
    place: `line ${number}`,
    size: length,
    async read() {
      if (tooLong)
        throw new HubError('too-large', `The line is longer than ${longestLine / 1024 / 1024} MB.`);
      const content = first ?? (await lineAt(handle, offset, length));
      first = undefined;
      return { resource: parseJson(content, 'The line') as Resource };
    },
  };
}

const isBlank = (bytes: Uint8Array): boolean => bytes.every(byte => byte === 32 || byte === 9 || byte === 13);

async function openDocument(source: SourceFile): Promise<Contents> {
  const { entries, type } = await readEntries(source);
  const document = new Document(source, entries);
  return {
    transaction: type === 'transaction',
    linked: type === 'batch' || type === 'collection' ? entries.filter(entry => entry !== null) : [],
    async *entries(wanted) {
      for (const at of entries.keys()) {
        const place = type === undefined ? '' : `Bundle.entry[${at}]`;
        yield wanted(at) ? { at, place, size: 0, read: () => document.read(at) } : passed;
      }
    },
    async close() {},
  };
}

/** Entries that stay in memory as long as there is room, and are read again when there was none. */
class Document {
  readonly #source: SourceFile;
  #kept: WeakRef<readonly (BundleEntry | null)[]>;

  constructor(source: SourceFile, entries: readonly (BundleEntry | null)[]) {
    this.#source = source;
    this.#kept = new WeakRef(entries);
  }

  async read(at: number): Promise<BundleEntry | null> {
    let entries = this.#kept.deref();
    if (!entries) {
      entries = (await readEntries(this.#source)).entries;
      this.#kept = new WeakRef(entries);
    }
    return entries[at] ?? null;
  }
}

/** The entries of a Bundle; of any other resource, itself, without a `type`. */
async function readEntries(
  source: SourceFile,
): Promise<{ entries: (BundleEntry | null)[]; type?: Bundle['type'] }> {
  const document = parseJson(await readDocument(source), 'The file') as Partial<Resource> | null;
  if (document?.resourceType !== 'Bundle') return { entries: [{ resource: document as Resource }] };
  const { type, entry: entries = [] } = document;
  if (type !== 'transaction' && type !== 'batch' && type !== 'collection') {
    const given = String(type).slice(0, 40);
    const text = `A Bundle to import is a transaction, a batch or a collection, not "${given}".`;
    throw new HubError('invalid', { text, expression: 'Bundle.type' });
  }
  if (!Array.isArray(entries)) {
    throw new HubError('invalid', { text: 'Bundle.entry must be an array.', expression: 'Bundle.entry' });
  }
  return { entries, type };
}
