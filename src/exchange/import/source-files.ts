import { readdir, stat } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { HubError } from '../../errors.ts';

/** A file to import. */
export interface SourceFile {
  path: string;
  /** As reports name it: from the folder that was given. */
  name: string;
  format: 'json' | 'ndjson';
  gzip: boolean;
  /** Bytes. */
  size: number;
}

export interface Sources {
  files: SourceFile[];
  /** Names of files in the folders that are not of a kind that can be imported. */
  ignored: string[];
}

const kinds = '.json, .ndjson, .json.gz or .ndjson.gz';

/** The files that paths stand for, folders with all that is in them, in the order of names. */
export async function findSources(paths: readonly string[]): Promise<Sources> {
  const found: Sources = { files: [], ignored: [] };
  for (const path of paths) {
    const { isDirectory, size } = await examine(path);
    if (isDirectory) await addFolder(path, found);
    else if (!add(found, path, basename(path), size)) {
      throw new HubError('invalid', `${path} is not a file that can be imported: it must end in ${kinds}.`);
    }
  }
  if (found.files.length === 0) {
    throw new HubError(
      'invalid',
      `There is nothing to import in ${paths.join(', ')}: no file ends in ${kinds}.`,
    );
  }
  return found;
}

async function examine(path: string): Promise<{ isDirectory: boolean; size: number }> {
  try {
    const stats = await stat(path);
    return { isDirectory: stats.isDirectory(), size: stats.size };
  } catch (error) {
    const reason =
      error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'is not there' : String(error);
    throw new HubError('not-found', `${path} ${reason}.`);
  }
}

async function addFolder(folder: string, found: Sources): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter(entry => !entry.isDirectory())
    .map(entry => join(entry.parentPath, entry.name));
  for (const path of paths.sort()) {
    const { isDirectory, size } = await examine(path);
    const name = join(basename(folder), relative(folder, path));
    if (!isDirectory && !add(found, path, name, size)) found.ignored.push(name);
  }
}

/** False when the name says that it is something else. */
function add({ files }: Sources, path: string, name: string, size: number): boolean {
  const [, format, gz] = /\.(json|ndjson)(\.gz)?$/i.exec(path)?.map(part => part?.toLowerCase()) ?? [];
  if (format !== 'json' && format !== 'ndjson') return false;
  files.push({ path, name, format, gzip: gz !== undefined, size });
  return true;
}
