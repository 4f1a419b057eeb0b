import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import { HubError, type Problem } from '../errors.ts';
import { type NetworkFile, networkFile } from './network-file.ts';

type Path = readonly (string | number)[];

/** Something wrong at a place of the file. */
interface Fault {
  path: Path;
  text: string;
}

/**
 * A network as its file says it; HubError('invalid') with every fault, each with its line and place:
 * `network.yaml:12 organizations[0].name: must not be empty`.
 *
 * @param name of the file, for what is said about it
 */
export function readNetworkFile(source: string, name: string): NetworkFile {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, uniqueKeys: true });
  if (document.errors.length > 0)
    throw new HubError(
      'invalid',
      document.errors.map(({ pos, message }) => ({
        text: `${name}:${lines.linePos(pos[0]).line} ${message.split('\n')[0]}`,
      })),
    );
  const parsed = networkFile.safeParse(document.toJS({ maxAliasCount: 100 }) ?? {});
  const faults = parsed.success ? faultsBetween(parsed.data) : parsed.error.issues.flatMap(faultsOf);
  if (faults.length > 0)
    throw new HubError(
      'invalid',
      faults.map(fault => told(fault, { name, document, lines })),
    );
  if (!parsed.success) throw new HubError('invalid', `${name} is not a network file.`);
  return parsed.data;
}

interface Issue {
  path: PropertyKey[];
  message: string;
  code?: string | undefined;
  keys?: string[];
}

function faultsOf({ path, message, code, keys }: Issue): Fault[] {
  const at = path.filter(part => typeof part !== 'symbol');
  if (code === 'unrecognized_keys')
    return (keys ?? []).map(one => ({ path: [...at, one], text: 'is not a field here' }));
  return [{ path: at, text: message }];
}

function told(
  { path, text }: Fault,
  { name, document, lines }: { name: string; document: Document; lines: LineCounter },
): Problem {
  const line = lineOf(document, lines, path);
  const place = path.map((part, at) => (typeof part === 'number' ? `[${part}]` : `${at ? '.' : ''}${part}`));
  return { text: `${name}:${line} ${place.join('')}${place.length ? ': ' : ''}${text}` };
}

/** The line of the place, or of the nearest one around it that is there. */
function lineOf(document: Document, lines: LineCounter, path: Path): number {
  for (let length = path.length; length >= 0; length--) {
    const node = length ? document.getIn(path.slice(0, length), true) : document.contents;
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

/** Keys that are given twice, and names of things that are nowhere in the file. */
function faultsBetween(file: NetworkFile): Fault[] {
  const areas = new Set(file.areas.map(({ key }) => key));
  const organizations = new Set(file.organizations.map(({ key }) => key));
  const faults: Fault[] = [];
  const missing = (path: Path, key: string, where: ReadonlySet<string>, what: string) => {
    if (!where.has(key)) faults.push({ path, text: `${key} is no key of ${what} in this file` });
  };
  twice(file.areas, 'key', ['areas'], faults);
  twice(file.organizations, 'key', ['organizations'], faults);
  const clients: { id: string; path: Path }[] = [];
  for (const [at, organization] of file.organizations.entries()) {
    const here: Path = ['organizations', at];
    if (organization.key === 'hub')
      faults.push({ path: [...here, 'key'], text: 'hub is the key of the hub itself: see network' });
    const locations = new Set(organization.locations.map(({ key }) => key));
    twice(organization.locations, 'key', [...here, 'locations'], faults);
    twice(organization.services, 'key', [...here, 'services'], faults);
    twice(organization.people, 'email', [...here, 'people'], faults);
    for (const [index, service] of organization.services.entries()) {
      const path: Path = [...here, 'services', index];
      for (const [n, one] of (service.locations ?? []).entries())
        missing([...path, 'locations', n], one, locations, 'a location of the organization');
      for (const [n, one] of (service.areas ?? []).entries())
        missing([...path, 'areas', n], one, areas, 'an area');
      for (const [n, one] of (service.payers ?? []).entries())
        missing([...path, 'payers', n], one, organizations, 'an organization');
    }
    for (const [index, client] of organization.clients.entries()) {
      const path: Path = [...here, 'clients', index];
      clients.push({ id: client.id, path: [...path, 'id'] });
      const keys = [client.jwks, client.jwksUrl].filter(Boolean).length;
      if ((client.signsInWith === 'keys') !== (keys === 1))
        faults.push({
          path: [...path, 'signsInWith'],
          text: 'keys goes with one of jwks and jwksUrl, and nothing else does',
        });
    }
  }
  for (const { id, path } of clients)
    if (clients.find(one => one.id === id)?.path !== path)
      faults.push({ path, text: `${id} is the id of another client` });
  return faults;
}

function twice<K extends string>(
  list: readonly Record<K, string>[],
  key: K,
  path: Path,
  faults: Fault[],
): void {
  for (const [at, one] of list.entries())
    if (list.findIndex(other => other[key].toLowerCase() === one[key].toLowerCase()) < at)
      faults.push({ path: [...path, at, key], text: `${one[key]} is there already` });
}
