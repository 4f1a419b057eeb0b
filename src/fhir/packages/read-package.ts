import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Resource } from '@medplum/fhirtypes';
import { extract } from 'tar-stream';

/** A FHIR package (https://hl7.org/fhir/packages.html): what package.json says of it, and its definitions. */
export interface PackageContent {
  name: string;
  version: string;
  resources: Resource[];
}

/** A package found in the folder: an archive (.tgz), or a folder that was unpacked. */
export interface PackageSource {
  path: string;
  isFolder: boolean;
}

/** What is in the folder of packages, in the order of their names; nothing where there is no such folder. */
export async function packageSources(folder: string): Promise<PackageSource[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return entries
    .filter(
      entry => !entry.name.startsWith('.') && (entry.isDirectory() || /\.(tgz|tar\.gz)$/.test(entry.name)),
    )
    .map(entry => ({ path: join(folder, entry.name), isFolder: entry.isDirectory() }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Changes whenever the content may have: of an archive its bytes, of a folder the names, sizes and times of its files. */
export async function digestOf({ path, isFolder }: PackageSource): Promise<string> {
  const digest = createHash('sha256');
  if (!isFolder) return digest.update(await readFile(path)).digest('hex');
  const folder = await contentFolder(path);
  for (const name of (await readdir(folder)).sort()) {
    const { size, mtimeMs } = await stat(join(folder, name));
    digest.update(JSON.stringify([name, size, mtimeMs]));
  }
  return digest.digest('hex');
}

/** @throws Error that names the file, where it is no FHIR package for R4 */
export async function readPackage(source: PackageSource): Promise<PackageContent> {
  const files = source.isFolder ? await folderFiles(source.path) : await archiveFiles(source.path);
  const manifest = files.get('package.json');
  const { name, version, fhirVersions } = manifest ? parse(manifest, source.path, 'package.json') : {};
  if (typeof name !== 'string' || typeof version !== 'string')
    throw new Error(`${source.path} is no FHIR package: it has no package.json with a name and a version`);
  if (Array.isArray(fhirVersions) && !fhirVersions.some(one => String(one).startsWith('4.0')))
    throw new Error(
      `${source.path} is a package for FHIR ${fhirVersions.join(', ')}: this hub speaks 4.0.1 (R4)`,
    );
  const resources: Resource[] = [];
  for (const [file, content] of files) {
    if (file === 'package.json' || file.startsWith('.')) continue;
    const resource = parse(content, source.path, file);
    if (typeof resource.resourceType === 'string') resources.push(resource as unknown as Resource);
  }
  return { name, version, resources };
}

function parse(content: string, path: string, file: string): Record<string, unknown> {
  try {
    return JSON.parse(content) as Record<string, unknown>;
  } catch (cause) {
    throw new Error(`${file} in ${path} is not well-formed JSON`, { cause });
  }
}

/** An unpacked archive has its files in `package/`; they may also be in the folder itself. */
async function contentFolder(path: string): Promise<string> {
  const inner = join(path, 'package');
  const isThere = await stat(inner).then(
    found => found.isDirectory(),
    () => false,
  );
  return isThere ? inner : path;
}

async function folderFiles(path: string): Promise<Map<string, string>> {
  const folder = await contentFolder(path);
  const names = (await readdir(folder)).filter(name => name.endsWith('.json')).sort();
  return new Map(
    await Promise.all(names.map(async name => [name, await readFile(join(folder, name), 'utf8')] as const)),
  );
}

/** Only `package/*.json`: examples and what else is in folders below are no definitions. */
async function archiveFiles(path: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const unpack = extract();
  const reading = (async () => {
    for await (const entry of unpack) {
      const name = /^(?:\.\/)?package\/([^/]+\.json)$/.exec(entry.header.name)?.[1];
      if (name && entry.header.type === 'file') files.set(name, await text(entry));
      else entry.resume();
    }
  })();
  await Promise.all([pipeline(createReadStream(path), createGunzip(), unpack), reading]).catch(cause => {
    throw new Error(`${path} could not be read as a gzipped tar archive`, { cause });
  });
  return files;
}
