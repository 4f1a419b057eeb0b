import type { Actor } from '../../access/actor.ts';
import { accessFilter } from '../../access/filter.ts';
import { requireScope } from '../../access/writes.ts';
import { HubError } from '../../errors.ts';
import type { AuthorshipRequest, Key } from '../../store/types.ts';
import { openPlace, sealPlace } from '../cursor-seal.ts';
import type { Parts } from '../parts.ts';
import type { SearchEntry, SearchOptions, SearchResult, Stored } from '../repository.ts';
import type { Resources } from '../resources.ts';
import { limits } from '../search/limits.ts';
import { clinicalTypes } from './clinical-types.ts';
import { seqOf, storedProvenance } from './provenance.ts';

/**
 * Resources, and a Provenance for every version of a clinical type, told from what the version table keeps of its
 * author. Those that clients have written are resources like any other, and come first.
 */
export function withProvenance(resources: Resources, parts: Parts, actor: Actor): Resources {
  const authored = async (request: Omit<AuthorshipRequest, 'types'>, interaction: 'read' | 'search') => {
    const filter = accessFilter(actor, interaction, parts.clock.now().getTime());
    return (await parts.store.authorship({ ...request, types: clinicalTypes }, filter)).map(storedProvenance);
  };

  async function read(id: string, seq: number): Promise<Stored> {
    requireScope(actor, 'read', 'Provenance');
    const [found] = await authored({ seq, limit: 1 }, 'read');
    if (!found) throw new HubError('not-found', `There is no Provenance/${id}.`);
    return found;
  }

  /** The written ones page by page, then the others: newest first. */
  async function ofTargets(
    query: URLSearchParams,
    of: readonly Key[],
    options: SearchOptions,
  ): Promise<SearchResult> {
    const place = `Provenance?${of.map(({ type, id }) => `${type}/${id}`).join(',')}`;
    const cursor = query.get('_cursor');
    const before = cursor?.startsWith('v')
      ? openPlace(parts.pagingKey, cursor, actor, place).slice(1)
      : undefined;
    const written =
      before === undefined ? await resources.search('Provenance', query, options) : nothing(query, actor);
    if (written.next !== undefined) return written;
    const room = countIn(query) - written.entries.length;
    const limit = room + 1;
    const found = await authored(
      { of, limit, ...(before === undefined ? {} : { before: Number(before) }) },
      'search',
    );
    const page = found.slice(0, Math.max(room, 0));
    const last = page.at(-1);
    const { total: _total, ...rest } = written;
    const more = found.length > page.length;
    const end = last ? seqOf(last.id) : Number(before) || Number.MAX_SAFE_INTEGER;
    return {
      ...rest,
      entries: [...written.entries, ...page.map(matched)],
      ...(more ? { next: nextQuery(query, sealPlace(parts.pagingKey, `v${end}`, actor, place)) } : {}),
    };
  }

  /** `_revinclude=Provenance:target`: of what was found. */
  async function included(result: SearchResult): Promise<SearchResult> {
    const of = result.entries
      .filter(entry => entry.mode === 'match')
      .map(({ stored: { type, id } }) => ({ type, id }));
    const clinical = of.filter(key => clinicalTypes.includes(key.type));
    if (clinical.length === 0) return result;
    requireScope(actor, 'search', 'Provenance');
    const found = await authored({ of: clinical, limit: limits.included + 1 }, 'search');
    if (found.length > limits.included) {
      const text = `This page includes more than ${limits.included} Provenances: ask for a smaller _count.`;
      throw new HubError('invalid', text);
    }
    const known = new Set(result.entries.map(entry => `${entry.stored.type}/${entry.stored.id}`));
    const fresh = found.filter(stored => !known.has(`Provenance/${stored.id}`));
    return {
      ...result,
      entries: [...result.entries, ...fresh.map(stored => ({ mode: 'include' as const, stored }))],
    };
  }

  return {
    ...resources,
    async read(type, id) {
      const seq = type === 'Provenance' ? seqOf(id) : undefined;
      return seq === undefined ? resources.read(type, id) : read(id, seq);
    },
    async vread(type, id, versionId) {
      const seq = type === 'Provenance' ? seqOf(id) : undefined;
      if (seq === undefined) return resources.vread(type, id, versionId);
      const stored = await read(id, seq);
      if (versionId === stored.versionId) return stored;
      throw new HubError('not-found', `There is no Provenance/${id}/_history/${versionId}.`);
    },
    async search(type, query, options = {}) {
      const of = type === 'Provenance' ? targetsOf(query) : [];
      if (of.length > 0) return ofTargets(query, of, options);
      const result = await resources.search(type, query, options);
      return query.getAll('_revinclude').some(asksForProvenance) ? included(result) : result;
    },
  };
}

const matched = (stored: Stored): SearchEntry => ({ mode: 'match', stored });

const asksForProvenance = (value: string): boolean => /^Provenance:(target|\*)/.test(value) || value === '*';

/** A page on which nothing written is left. */
function nothing(query: URLSearchParams, actor: Actor): SearchResult {
  requireScope(actor, 'search', 'Provenance');
  return { entries: [], self: query.toString() };
}

/** Parameters beside which `target` and `patient` say all that a Provenance of a version can be found by. */
const plain = new Set(['target', 'patient', '_count', '_cursor', '_format', '_pretty', '_total']);

/** What the Provenances are asked for of; nothing where the search asks for more than the hub's own can answer. */
function targetsOf(query: URLSearchParams): Key[] {
  const names = [...query.keys()];
  if (
    names.some(name => !plain.has(name)) ||
    names.filter(name => name === 'target' || name === 'patient').length !== 1
  )
    return [];
  const values = (query.get('target') ?? query.get('patient') ?? '').split(',');
  return values.flatMap(value => {
    const [, type, id] = /(?:^|\/)([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})$/.exec(value) ?? [];
    if (type !== undefined && id !== undefined) return [{ type, id }];
    return query.has('patient') && /^[A-Za-z0-9\-.]{1,64}$/.test(value)
      ? [{ type: 'Patient', id: value }]
      : [];
  });
}

function countIn(query: URLSearchParams): number {
  const given = query.get('_count');
  return given === null ? limits.defaultCount : Math.min(Number(given), limits.maxCount);
}

function nextQuery(query: URLSearchParams, cursor: string): string {
  const next = new URLSearchParams(query);
  next.set('_cursor', cursor);
  return next.toString();
}
