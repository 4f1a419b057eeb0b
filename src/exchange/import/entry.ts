import type { BundleEntry } from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import type { ImportedFile } from './imported-file.ts';
import { type PlanContext, type Planned, plan } from './plan.ts';
import type { RawEntry } from './raw-entries.ts';
import { candidates, type Env, type Named } from './settle.ts';
import type { Refused } from './write-each.ts';

/** One entry of a file on its way into the hub. */
export interface Entry {
  file: ImportedFile;
  at: number;
  place: string;
  size: number;
  type: string;
  /** `Type/id` as the sender names it, where it does. */
  name?: string;
  /** What is to be written, or why it cannot be. */
  content: Named | { refused: Refused };
  /** The same, read again. */
  again(): Promise<Entry>;
}

/** What entries have by which no type is known. */
export const unknownType = '(unknown)';

export type EntryContext = Env & { file: ImportedFile; links: ReadonlyMap<string, string> };

/** Reads an entry and plans how it is written. */
export async function readEntry(raw: RawEntry, context: EntryContext): Promise<Entry> {
  const { at, place, size } = raw;
  const common = { file: context.file, at, place, size, again: () => readEntry(raw, context) };
  let entry: BundleEntry | null | undefined;
  try {
    entry = await raw.read();
    const planned = plan(entry, planContext(raw, context));
    const name = nameOf(planned);
    const { type } = planned;
    return { ...common, type, ...(name ? { name } : {}), content: { planned, links: context.links } };
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    const { kind, problems } = error;
    return { ...common, type: typeOf(entry), content: { refused: { kind, problems } } };
  }
}

/** What a Bundle's fullUrls stand for, where its entries are written one by one. */
export function linksOf(
  entries: readonly BundleEntry[],
  context: Omit<EntryContext, 'links'>,
): Map<string, string> {
  const links = new Map<string, string>();
  for (const entry of entries) {
    const { fullUrl, resource } = entry;
    if (typeof fullUrl !== 'string' || typeof resource?.resourceType !== 'string') continue;
    const { resourceType: type, id } = resource;
    const named =
      typeof id === 'string' ? context.identity.idOf(type, id) : context.identity.given(type, fullUrl);
    if (!entry.request?.ifNoneExist) links.set(fullUrl, `${type}/${named}`);
  }
  return links;
}

/** Names that wait for each other: what is written, and what must be there before. */
export function namesOf(entries: readonly Entry[], env: Env): { writes: Set<string>; reads: Set<string> } {
  const writes = new Set<string>();
  const reads = new Set<string>();
  for (const { name, content } of entries) {
    for (const one of name ? candidates(name, env) : []) writes.add(one);
    if ('refused' in content) continue;
    for (const reference of content.planned.refers)
      for (const one of candidates(reference, env)) reads.add(one);
  }
  return { writes, reads };
}

function planContext({ at }: RawEntry, { parts, identity, file, links }: EntryContext): PlanContext {
  return {
    identity,
    links,
    references: resource => parts.references(resource),
    seed: `${file.key}#${at}`,
    index: at,
  };
}

function nameOf({ type, written, id }: Planned): string | undefined {
  const named = written ?? id;
  return named === undefined ? undefined : `${type}/${named}`;
}

function typeOf(entry: BundleEntry | null | undefined): string {
  const type = entry?.resource?.resourceType;
  return typeof type === 'string' && /^[A-Z][A-Za-z]{0,63}$/.test(type) ? type : unknownType;
}
