import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { HubError } from '../../errors.ts';
import type { OutgoingPolicy } from '../outgoing-url.ts';
import { type HsdsData, readServices } from './model.ts';
import { readApi } from './read-api.ts';
import { readDataPackage } from './read-csv.ts';
import { readJson } from './read-json.ts';

/**
 * Reads a whole source: the base URL of an HSDS API, a folder with a data package or with JSON files, or one such
 * file. HubError('invalid') where it is none of them.
 */
export async function readSource(place: string, policy: OutgoingPolicy): Promise<HsdsData> {
  if (!/^https?:\/\//i.test(place)) return readServices(await readPlace(place));
  const { services, refused } = await readApi(place, policy);
  const data = readServices(services);
  return { ...data, refused: [...refused, ...data.refused] };
}

async function readPlace(place: string): Promise<unknown[]> {
  const there = await stat(place).catch(() => undefined);
  if (!there) throw new HubError('invalid', `There is no file or folder ${place}.`);
  if (!there.isDirectory()) return readJsonOrPackage(place);
  const names = (await readdir(place)).sort();
  if (names.includes('datapackage.json')) return readDataPackage(join(place, 'datapackage.json'));
  const files = names.filter(name => name.endsWith('.json'));
  if (!files.length)
    throw new HubError('invalid', `${place} has neither a datapackage.json nor JSON files of services.`);
  const all = await Promise.all(files.map(name => readJsonOrPackage(join(place, name))));
  return all.flat();
}

async function readJsonOrPackage(file: string): Promise<unknown[]> {
  const content = await readJson(file);
  if (isObject(content) && 'resources' in content) return readDataPackage(file);
  return servicesIn(content, file);
}

/** One service, a list of them, or a page as an HSDS API answers. */
export function servicesIn(content: unknown, where: string): unknown[] {
  if (Array.isArray(content)) return content;
  if (isObject(content) && Array.isArray(content.contents)) return content.contents;
  if (isObject(content) && 'id' in content && 'name' in content) return [content];
  throw new HubError('invalid', `${where} holds no services of HSDS: a service, a list of them, or a page.`);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
