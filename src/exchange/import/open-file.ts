import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGunzip, gunzip } from 'node:zlib';
import { HubError } from '../../errors.ts';
import type { SourceFile } from './source-files.ts';

/** A Bundle is parsed whole: beyond this it would not fit in memory. */
const largestDocument = 256 * 1024 * 1024;

/** SHA-256 of the bytes of a file, in hexadecimal. */
export async function digestOf(path: string): Promise<string> {
  const digest = createHash('sha256');
  await pipeline(createReadStream(path), digest);
  return digest.digest('hex');
}

/** The content of a file that is read as one JSON document. */
export async function readDocument({ path, gzip, size }: SourceFile): Promise<Uint8Array> {
  if (size > largestDocument) throw tooLarge();
  const bytes = await readFile(path);
  if (!gzip) return bytes;
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: largestDocument });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge();
    throw notGzip(error);
  }
}

const tooLarge = (): HubError =>
  new HubError('too-large', 'The file is more than 256 MB as one document: split it, or make it NDJSON.');

const notGzip = (error: unknown): HubError =>
  new HubError(
    'invalid',
    `The file cannot be unpacked: ${error instanceof Error ? error.message : String(error)}.`,
  );

/** A file to read lines from, also at places met before: a packed one is unpacked to a file that has no name. */
export async function openLines(source: SourceFile): Promise<FileHandle> {
  if (!source.gzip) return open(source.path);
  const folder = await mkdtemp(join(tmpdir(), 'hub-import-'));
  const path = join(folder, 'unpacked');
  try {
    const handle = await open(path, 'w+');
    // Without a name it is gone when the process is, however that ends.
    await rm(folder, { recursive: true });
    await unpack(source, handle);
    return handle;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function unpack({ path }: SourceFile, handle: FileHandle): Promise<void> {
  try {
    await pipeline(createReadStream(path), createGunzip(), content => handle.writeFile(content));
  } catch (error) {
    await handle.close();
    const own = error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
    throw own ? notGzip(error) : error;
  }
}
