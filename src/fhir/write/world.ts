import type { Resource } from '@medplum/fhirtypes';
import type { AccessFilter } from '../../access/filter.ts';
import type { Expectation, Key, Located, Rid } from '../../store/types.ts';
import type { Parts } from '../parts.ts';
import { type Item, keyOf } from './item.ts';

/**
 * The data as one write sees it while it is being prepared: what is stored, overlaid with what the write itself
 * changes. What is read to decide becomes an expectation of the commit.
 */
export interface World {
  readonly items: Item[];
  add(item: Item): void;
  item(reference: string): Item | undefined;
  /** Current resource: this write's own version, or the stored one. Absent and deleted: undefined. */
  get(reference: string): Promise<Resource | undefined>;
  /** Current resources of the type whose parameter refers to the target. */
  referring(type: string, parameter: string, target: string): Promise<Resource[]>;
  /** Where stored resources stand for the filter, by `Type/id`. */
  locate(references: Iterable<string>, filter: AccessFilter): Promise<Map<string, Located>>;
  /** Whether the organization may bring others into the patient's record: it owns it, or has a relationship. */
  opensRecord(patient: string, organization: string): Promise<boolean>;
  expectations(): Expectation[];
}

/** Reads of the write path itself: they decide, and never leave it. */
export const internal = (parts: Parts): AccessFilter => ({
  organization: parts.hubOrganization,
  now: parts.clock.now().getTime(),
  types: '*',
  internal: true,
});

/** How many resources a rule may have referring to one (Tasks of a request): beyond it something is wrong. */
const referringLimit = 500;

export function createWorld(parts: Parts): World {
  const items = new Map<string, Item>();
  const known = new Map<string, Resource | undefined>();
  const read = new Map<Rid, number>();

  const load = async (reference: string): Promise<Resource | undefined> => {
    const key = parseKey(reference);
    const stored = key && (await parts.store.read(key, internal(parts)));
    if (stored) read.set(stored.rid, stored.ver);
    return stored?.body ? (JSON.parse(stored.body) as Resource) : undefined;
  };

  const world: World = {
    get items() {
      return [...items.values()];
    },
    add: item => void items.set(keyOf(item), item),
    item: reference => items.get(reference),
    async get(reference) {
      const item = items.get(reference);
      if (item) return item.after;
      if (!known.has(reference)) known.set(reference, await load(reference));
      return known.get(reference);
    },
    async referring(type, parameter, target) {
      const found = new Map<string, Resource>();
      for (const resource of await stored(type, parameter, target))
        found.set(`${type}/${resource.id}`, resource);
      for (const item of items.values()) {
        if (item.type !== type) continue;
        if (item.after && refersTo(parts, item.after, type, parameter, target))
          found.set(keyOf(item), item.after);
        else found.delete(keyOf(item));
      }
      return [...found.values()];
    },
    async locate(references, filter) {
      const keys = [...references].map(parseKey).filter(key => key !== undefined);
      const located = keys.length ? await parts.store.locate(keys, filter) : [];
      return new Map(located.map(row => [keyOf(row), row]));
    },
    async opensRecord(patient, organization) {
      const item = items.get(`Patient/${patient}`);
      if (item?.source === organization) return true;
      return parts.store.opensRecord(patient, organization, parts.clock.now().getTime());
    },
    expectations() {
      const written = new Set([...items.values()].map(item => item.rid));
      return [...read]
        .filter(([rid]) => !written.has(rid))
        .map(([rid, ver]) => ({ kind: 'version', rid, ver }));
    },
  };

  async function stored(type: string, parameter: string, target: string): Promise<Resource[]> {
    const rid = await ridOf(target);
    const param = parts.numbers.get(`${type}.${parameter}`);
    if (rid === undefined || param === undefined) return [];
    const filters = [{ kind: 'reference', param, any: [rid] }] as const;
    const sort = [{ kind: 'lastUpdated', descending: false }] as const;
    const query = { types: [type], filters, sort, count: referringLimit, total: 'none' } as const;
    const page = await parts.store.search(query, internal(parts));
    return page.entries.flatMap(entry => {
      read.set(entry.rid, entry.ver);
      return entry.body ? [JSON.parse(entry.body) as Resource] : [];
    });
  }

  async function ridOf(reference: string): Promise<Rid | undefined> {
    const item = items.get(reference);
    if (item) return item.located ? item.rid : undefined;
    return (await world.locate([reference], internal(parts))).get(reference)?.rid;
  }

  return world;
}

function refersTo(
  parts: Parts,
  resource: Resource,
  type: string,
  parameter: string,
  target: string,
): boolean {
  const param = parts.numbers.get(`${type}.${parameter}`);
  return parts.extract(resource).ref.some(([number, reference]) => number === param && reference === target);
}

/** `Type/id` as a key; undefined for anything else. */
export function parseKey(reference: string): Key | undefined {
  const match = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})$/.exec(reference);
  return match ? { type: match[1] as string, id: match[2] as string } : undefined;
}
