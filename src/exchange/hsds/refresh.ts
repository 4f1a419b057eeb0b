import { isDeepStrictEqual } from 'node:util';
import type { Organization } from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import type { Repository, WriteOperation } from '../../fhir/repository.ts';
import { type DirectoryEntry, entriesOf, entryId } from './entries.ts';
import type { Remembered, SourceMemory } from './memory.ts';
import { closed, concealed, merge } from './merge.ts';
import type { HsdsData } from './model.ts';
import { emptyReport, type RefreshReport } from './report.ts';

export interface RefreshTarget {
  /** Of the hub, in the name of the source's organization. */
  repository: Repository;
  memory: SourceMemory;
  now: Date;
}

/** Logical id of the organization in whose name a source's entries are written. */
export const sourceOrganization = (source: string): string => `directory-source-${source}`;

/**
 * Brings the directory to what a source says now. What vanishes is closed at the second refresh without it, and
 * opened when it comes back; what a site has edited stays, and is listed where the source says something new.
 */
export async function refreshDirectory(
  data: HsdsData,
  source: string,
  target: RefreshTarget,
): Promise<RefreshReport> {
  const known = await target.memory.all();
  // A source that is broken is not one that has closed everything.
  if (!data.services.length && known.size > 0)
    throw new HubError('unprocessable', `The source ${source} is empty: nothing was changed.`);
  await ensureOrganization(source, target);
  const { entries, hidden, hiddenPlaces, remarks } = entriesOf(data.services, source);
  const report = {
    ...emptyReport(source, target.now),
    hidden: [...hidden],
    refused: [...data.refused],
    remarks,
  };
  const steps = [
    ...(await incoming(entries, known, report, target)),
    ...(await concealing(hiddenPlaces, known, report, { source, target })),
    ...(await missing(new Set([...entries.keys(), ...hiddenPlaces]), known, report, { source, target })),
  ];
  for (let start = 0; start < steps.length; start += chunk)
    await writeAll(steps.slice(start, start + chunk), report, target);
  await target.memory.keepReport(report);
  return report;
}

const chunk = 100;

/** One entry that changes, or of which only something new is remembered. */
interface Step {
  key: string;
  operation?: WriteOperation;
  /** Absent where it is remembered already. */
  remembered?: Remembered;
  /** Tells of it, once it is written. */
  tell(): void;
}

async function incoming(
  entries: ReadonlyMap<string, DirectoryEntry>,
  known: ReadonlyMap<string, Remembered>,
  report: RefreshReport,
  { repository }: RefreshTarget,
): Promise<Step[]> {
  const there = await currentOf([...entries.values()], repository);
  return [...entries].flatMap(([key, entry]): Step[] => {
    const before = there.get(`${entry.resourceType}/${entry.id}`);
    const was = known.get(key);
    const { resource, changed, conflicts, written } = merge(before, entry, was?.written ?? {});
    const remembered = { type: entry.resourceType, written, missed: 0 };
    const tell = () => {
      if (!before) report.created.push(key);
      else if (changed.length) report.changed.push({ key, elements: changed });
      else report.unchanged++;
      if (conflicts.length) report.conflicts.push({ key, elements: conflicts });
    };
    if (before && !changed.length)
      return [{ key, tell, ...(isDeepStrictEqual(remembered, was) ? {} : { remembered }) }];
    return [{ key, remembered, tell, operation: update(resource) }];
  });
}

const update = (resource: DirectoryEntry): WriteOperation => ({
  kind: 'update',
  type: resource.resourceType,
  id: resource.id,
  resource,
});

/** Places that were published before the source said what they are: not one refresh longer. */
async function concealing(
  places: ReadonlySet<string>,
  known: ReadonlyMap<string, Remembered>,
  report: RefreshReport,
  { source, target }: { source: string; target: RefreshTarget },
): Promise<Step[]> {
  const published = [...places].filter(key => known.has(key));
  const named = published.map(key => ({ resourceType: 'Location' as const, id: entryId(source, key) }));
  const there = await currentOf(named, target.repository);
  return published.flatMap((key): Step[] => {
    const current = there.get(`Location/${entryId(source, key)}`);
    const was = known.get(key);
    if (!current || !was || was.missed > 2) return [];
    const remembered = { ...was, missed: 3 };
    return [
      { key, remembered, operation: update(concealed(current)), tell: () => void report.closed.push(key) },
    ];
  });
}

/** What was there and is not any more. A service that could not be read is not one that has vanished. */
async function missing(
  entries: ReadonlySet<string>,
  known: ReadonlyMap<string, Remembered>,
  report: RefreshReport,
  { source, target }: { source: string; target: RefreshTarget },
): Promise<Step[]> {
  if (report.refused.length) return [];
  const gone = [...known].filter(([key]) => !entries.has(key));
  const named = gone.map(([key, { type }]) => ({ resourceType: type, id: entryId(source, key) }));
  const there = await currentOf(named as DirectoryEntry[], target.repository);
  return gone.flatMap(([key, was]): Step[] => {
    const missed = was.missed + 1;
    const current = there.get(`${was.type}/${entryId(source, key)}`);
    if (missed === 1)
      return [{ key, remembered: { ...was, missed }, tell: () => void report.vanished.push(key) }];
    if (missed > 2 || !current) return [];
    const { resource, changed, written } = merge(current, closed(current), was.written);
    const remembered = { ...was, missed, written: { ...was.written, ...only(written, closing) } };
    if (!changed.length) return [{ key, remembered, tell: () => {} }];
    return [{ key, remembered, tell: () => void report.closed.push(key), operation: update(resource) }];
  });
}

/** The elements that say whether something is open. */
const closing = ['active', 'status'];

const only = (written: Readonly<Record<string, string>>, names: readonly string[]) =>
  Object.fromEntries(Object.entries(written).filter(([name]) => names.includes(name)));

async function writeAll(steps: readonly Step[], report: RefreshReport, target: RefreshTarget): Promise<void> {
  const operations = steps.flatMap(({ operation }) => operation ?? []);
  try {
    if (operations.length) await target.repository.write(operations, { purpose });
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    const [only, ...more] = steps;
    if (only && !more.length) {
      report.refused.push({ key: only.key, why: error.message });
      return;
    }
    // One that is refused holds up no other.
    for (const step of steps) await writeAll([step], report, target);
    return;
  }
  for (const { key, remembered, tell } of steps) {
    if (remembered) await target.memory.remember(key, remembered);
    tell();
  }
}

const purpose = 'hub directory import';

/** What is there now of these, by `Type/id`. */
async function currentOf(
  entries: readonly Pick<DirectoryEntry, 'resourceType' | 'id'>[],
  repository: Repository,
): Promise<Map<string, DirectoryEntry>> {
  const found = new Map<string, DirectoryEntry>();
  const byType = Map.groupBy(entries, one => one.resourceType);
  for (const [type, all] of byType) {
    for (let start = 0; start < all.length; start += chunk) {
      const ids = all.slice(start, start + chunk).map(({ id }) => id);
      const query = new URLSearchParams({ _id: ids.join(','), _count: String(chunk) });
      const page = await repository.search(type, query);
      for (const { stored } of page.entries)
        found.set(`${stored.type}/${stored.id}`, stored.resource() as DirectoryEntry);
    }
  }
  return found;
}

async function ensureOrganization(source: string, { repository }: RefreshTarget): Promise<void> {
  const id = sourceOrganization(source);
  const query = new URLSearchParams({ _id: id });
  if ((await repository.search('Organization', query)).entries.length) return;
  const resource: Organization = {
    resourceType: 'Organization',
    id,
    active: true,
    name: `Directory source ${source}`,
  };
  await repository.write([{ kind: 'update', type: 'Organization', id, resource }], { purpose });
}
