import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { HubError } from '../../../errors.ts';
import type { PlacedConcept, TerminologyStore } from '../../../store/terminology/store.ts';
import { arrange } from './arrange.ts';
import { readCodeSystem } from './code-system.ts';
import { readCsv } from './csv.ts';
import { readIcd10cm } from './icd10cm.ts';
import { readLoinc } from './loinc.ts';
import type { Release, ReleaseReader } from './release.ts';
import { readSnomed } from './snomed.ts';

/** The formats of release files that can be imported. */
export const formats: Readonly<Record<string, ReleaseReader>> = {
  'icd-10-cm': readIcd10cm,
  loinc: readLoinc,
  snomed: readSnomed,
  csv: readCsv,
  codesystem: readCodeSystem,
};

export interface ImportOptions {
  /** Tells the content of the files apart from that of others: an import that was cut short goes on with the same. */
  digest: string;
  /** Epoch milliseconds. */
  at: number;
  progress?: (done: number, total: number) => void;
  /** How many concepts are written at once. */
  batch?: number;
}

/**
 * Writes a release to the database, part by part. It is used from the moment when all of it is there, and takes the
 * place of the same version then; what is not used any more is deleted after that.
 */
export async function importRelease(
  store: TerminologyStore,
  release: Release,
  { digest, at, progress, batch = 1000 }: ImportOptions,
): Promise<void> {
  const { url, version, about, concepts } = release;
  if (concepts.length === 0) throw new HubError('invalid', 'The files have no codes.');
  const placed = arrange(concepts);
  const total = concepts.length;
  const loading = await store.startLoading({ url, version, digest, total, at, about });
  let { done } = loading;
  for (const part of parts(placed, done, batch)) {
    if (!(await store.load({ num: loading.num, done }, part))) throw otherImport(url);
    done += part.length;
    progress?.(done, total);
  }
  await store.finishLoading(loading.num);
  while (await store.sweep(5000));
}

function* parts(placed: Iterable<PlacedConcept>, from: number, size: number): Iterable<PlacedConcept[]> {
  let part: PlacedConcept[] = [];
  for (const one of placed) {
    if (one.pos < from) continue;
    part.push(one);
    if (part.length === size) {
      yield part;
      part = [];
    }
  }
  if (part.length > 0) yield part;
}

/** A digest of the content of files, and of those in folders. */
export async function digestOf(paths: readonly string[]): Promise<string> {
  const digest = createHash('sha256');
  for (const path of paths) {
    const isFolder = (await stat(path)).isDirectory();
    const names = isFolder ? await readdir(path, { recursive: true, withFileTypes: true }) : [];
    const inFolder = names.filter(one => one.isFile()).map(one => join(one.parentPath, one.name));
    for (const file of isFolder ? inFolder.sort() : [path])
      for await (const chunk of createReadStream(file)) digest.update(chunk);
  }
  return digest.digest('hex');
}

const otherImport = (url: string): HubError =>
  new HubError('conflict', `Another import of ${url} is under way: wait until it has ended.`);
