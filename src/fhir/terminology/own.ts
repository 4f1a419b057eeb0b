import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isTerminology, type TerminologyResource } from './published.ts';

const folder = join(import.meta.dirname, '../../../terminology');

/** The code systems, value sets and concept maps that come with the hub: the JSON files of `terminology/`. */
export async function ownTerminology(): Promise<TerminologyResource[]> {
  const names = (await readdir(folder)).filter(name => name.endsWith('.json')).sort();
  const texts = await Promise.all(names.map(name => readFile(join(folder, name), 'utf8')));
  return texts.map(text => JSON.parse(text)).filter(isTerminology);
}
