import { HubError } from '../../errors.ts';
import { Chunk, type Unit } from './chunk.ts';
import { type Entry, linksOf, readEntry } from './entry.ts';
import type { ImportedFile } from './imported-file.ts';
import { type Contents, isPassed, openContents, type RawEntry } from './raw-entries.ts';
import type { Env } from './settle.ts';

/**
 * The entries of files, in their order, in units to be written: a transaction is one, all else comes in chunks in
 * which no resource appears twice.
 *
 * @param keep is given the contents of each file, which must stay open until nothing is read from it again
 */
export async function* unitsOf(
  files: AsyncIterable<ImportedFile>,
  env: Env,
  keep: (file: ImportedFile, contents: Contents) => void,
): AsyncGenerator<Unit> {
  const chunk = new Chunk();
  for await (const file of files) {
    const contents = await open(file, keep);
    if (!contents.transaction) {
      for await (const entry of entriesOf(file, contents, env)) {
        if (chunk.isFullFor([entry])) yield chunk.take();
        chunk.add([entry]);
      }
      chunk.ends.push(file);
      continue;
    }
    if (!chunk.isEmpty) yield chunk.take();
    const entries: Entry[] = [];
    for await (const entry of entriesOf(file, contents, env)) entries.push(entry);
    yield { whole: true, entries, ends: [file] };
  }
  if (!chunk.isEmpty) yield chunk.take();
}

async function* entriesOf(file: ImportedFile, contents: Contents, env: Env): AsyncGenerator<Entry> {
  const links = linksOf(contents.linked, { ...env, file });
  for await (const raw of contents.entries(at => file.wants(at))) {
    file.entries += 1;
    if (!isPassed(raw)) yield await readEntry(raw, { ...env, file, links });
  }
}

async function open(
  file: ImportedFile,
  keep: (file: ImportedFile, contents: Contents) => void,
): Promise<Contents> {
  try {
    const contents = await openContents(file.source);
    keep(file, contents);
    return contents;
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    return unreadable(error);
  }
}

/** A file that is nothing to import counts as one entry, which is refused. */
function unreadable(error: HubError): Contents {
  const raw: RawEntry = { at: 0, place: '', size: 0, read: () => Promise.reject(error) };
  return {
    transaction: false,
    linked: [],
    async *entries() {
      yield raw;
    },
    async close() {},
  };
}
