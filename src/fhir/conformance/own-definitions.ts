import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Library, NamingSystem, Resource } from '@medplum/fhirtypes';
import { canonical } from '../canonical.ts';

const root = join(import.meta.dirname, '../../..');

/** What the hub itself defines: `profiles/` and `terminology/`, in the order of their addresses. */
export async function ownDefinitions(): Promise<Resource[]> {
  const folders = await Promise.all(['profiles', 'terminology'].map(name => jsonFiles(join(root, name))));
  return folders.flat().map(asResource).sort(byAddress);
}

/** The URL a definition is named by. A NamingSystem has no `url` in R4: it is named by the identifiers it is about. */
export function urlOf(definition: Resource): string | undefined {
  if (definition.resourceType !== 'NamingSystem') return (definition as { url?: string }).url;
  const { uniqueId }: NamingSystem = definition;
  return (uniqueId.find(one => one.preferred) ?? uniqueId[0])?.value;
}

/** Instances of the profiles, from the fictional network of the demo. They are shown, not published as data. */
export async function ownExamples(): Promise<Resource[]> {
  const found = (await jsonFiles(join(root, 'profiles/examples'))) as Resource[];
  return found.sort(byAddress);
}

async function jsonFiles(folder: string): Promise<unknown[]> {
  const names = (await readdir(folder)).filter(name => name.endsWith('.json'));
  return Promise.all(names.map(async name => JSON.parse(await readFile(join(folder, name), 'utf8'))));
}

/** Rules as data (weights, times, labels): what FHIR has no resource for. */
interface RulePack {
  id: string;
  version: string;
  title: string;
  description: string;
}

const isResource = (value: unknown): value is Resource =>
  typeof value === 'object' && value !== null && 'resourceType' in value;

/** A rule pack is published as the content of a Library. */
function asResource(content: unknown): Resource {
  if (isResource(content)) return content;
  const { id, version, title, description } = content as RulePack;
  const library: Library = {
    resourceType: 'Library',
    id,
    url: `${canonical}/Library/${id}`,
    version,
    name: id.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase()),
    title,
    status: 'active',
    type: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/library-type', code: 'asset-collection' }],
    },
    description,
    content: [
      { contentType: 'application/json', data: Buffer.from(JSON.stringify(content)).toString('base64') },
    ],
  };
  return library;
}

const address = ({ resourceType, id }: Resource): string => `${resourceType}/${id}`;
const byAddress = (a: Resource, b: Resource): number => (address(a) < address(b) ? -1 : 1);
