import { readFile } from 'node:fs/promises';
import { HubError } from '../../errors.ts';

/** What a JSON file says; HubError('invalid') that names the file where it is none. */
export async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8');
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    throw new HubError('invalid', `${file} is not JSON.`);
  }
}
