import { createHash } from 'node:crypto';
import type { Resource } from '@medplum/fhirtypes';
import type { DirectoryEntry } from './entries.ts';

/** By element, a digest of what the source last put there. Each extension counts as an element of its own. */
export type Written = Readonly<Record<string, string>>;

export interface Merged {
  resource: DirectoryEntry;
  /** Elements that change. */
  changed: string[];
  /** Elements of which the source says something new, and which the site has changed itself: the site's stay. */
  conflicts: string[];
  written: Written;
}

/**
 * What a source says now, put into what is there: element by element, as long as nobody but the source has changed
 * it. What the site has added or edited stays.
 */
export function merge(there: DirectoryEntry | undefined, now: DirectoryEntry, was: Written): Merged {
  const [current, incoming] = [partsOf(there), partsOf(now)];
  const result = new Map(current);
  const written: Record<string, string> = {};
  const changed: string[] = [];
  const conflicts: string[] = [];
  for (const name of new Set([...current.keys(), ...incoming.keys()])) {
    const [mine, theirs, before] = [digest(current.get(name)), digest(incoming.get(name)), was[name]];
    if (theirs !== undefined) written[name] = theirs;
    if (mine === theirs) continue;
    const edited = there !== undefined && mine !== before;
    if (edited) {
      // What the site changed is no news each night: only what the source says differently than before.
      if (theirs !== before) conflicts.push(name);
      continue;
    }
    changed.push(name);
    if (theirs === undefined) result.delete(name);
    else result.set(name, incoming.get(name));
  }
  return { resource: asEntry(now, there, result), changed, conflicts, written };
}

const fixed = ['resourceType', 'id', 'meta', 'text', 'extension'];

function partsOf(resource: Resource | undefined): Map<string, unknown> {
  const fields = Object.entries(resource ?? {});
  const { extension = [] } = (resource ?? {}) as { extension?: { url: string }[] };
  const urls = [...new Set(extension.map(({ url }) => url))];
  return new Map<string, unknown>([
    ...fields.filter(([name]) => !fixed.includes(name)),
    ...urls.map(url => [`${prefix}${url}`, extension.filter(one => one.url === url)] as const),
  ]);
}

const prefix = 'extension ';

function asEntry(
  now: DirectoryEntry,
  there: DirectoryEntry | undefined,
  parts: ReadonlyMap<string, unknown>,
): DirectoryEntry {
  const extension = [...parts].flatMap(([name, value]) => (name.startsWith(prefix) ? (value as []) : []));
  const plain = [...parts].filter(([name]) => !name.startsWith(prefix));
  return {
    resourceType: now.resourceType,
    id: now.id,
    ...(there?.meta ? { meta: there.meta } : {}),
    ...(extension.length ? { extension } : {}),
    ...Object.fromEntries(plain),
  } as DirectoryEntry;
}

function digest(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return createHash('sha256')
    .update(JSON.stringify(sorted(value)))
    .digest('base64url')
    .slice(0, 16);
}

/** The order of members says nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([key, one]) => [key, sorted(one)]));
}

/** The same entry, no longer there: it is closed, never deleted. */
export function closed(entry: DirectoryEntry): DirectoryEntry {
  return entry.resourceType === 'Location' ? { ...entry, status: 'inactive' } : { ...entry, active: false };
}

/** A place that was public and must not be any more: the label hides it, and its history with it. */
export function concealed(entry: DirectoryEntry): DirectoryEntry {
  const security = [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'SDV' }];
  return { ...closed(entry), meta: { ...entry.meta, security } };
}
