import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Resource } from '@medplum/fhirtypes';
import { compileGuide, profiles } from './compile.ts';
import { mappingFile, mappingPage } from './mapping-page.ts';

/** `npm run guide`: compiles profiles/fsh and writes what is served, the examples, and the page of mappings. */
if (import.meta.main) {
  const { definitions, examples, errors, warnings } = await compileGuide();
  for (const line of [...errors, ...warnings]) process.stderr.write(`${line}\n`);
  if (errors.length > 0) process.exit(1);
  await writeAll(profiles, definitions);
  await writeAll(join(profiles, 'examples'), examples);
  await writeFile(mappingFile, mappingPage(definitions));
  process.stdout.write(`${definitions.length} definitions, ${examples.length} examples\n`);
}

/** Exactly these files: what is no longer made goes. */
async function writeAll(folder: string, resources: readonly Resource[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  const wanted = new Map(resources.map(one => [`${one.id}.json`, one]));
  for (const name of (await readdir(folder)).filter(name => name.endsWith('.json') && !wanted.has(name)))
    await rm(join(folder, name));
  for (const [name, resource] of wanted)
    await writeFile(join(folder, name), `${JSON.stringify(resource, null, 2)}\n`);
}
