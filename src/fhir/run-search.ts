import type { OperationOutcome } from '@medplum/fhirtypes';
import type { Actor } from '../access/actor.ts';
import { type AccessFilter, accessFilter } from '../access/filter.ts';
import { requireScope } from '../access/writes.ts';
import { HubError } from '../errors.ts';
import type { Rid, StoredVersion } from '../store/types.ts';
import type { Parts } from './parts.ts';
import { projectStored } from './projection.ts';
import type { SearchEntry, SearchResult } from './repository.ts';
import { requireType } from './resource-type.ts';
import { limits } from './search/limits.ts';
import { nextLink, parseSearch } from './search/parse.ts';
import type { IncludeStep, ParsedSearch, SearchContext } from './search/parsed.ts';

export interface Asked {
  type: string | undefined;
  query: URLSearchParams;
  lenient?: boolean | undefined;
}

/** https://hl7.org/fhir/R4/search.html : one page, with what `_include` and `_revinclude` bring, as the actor may see it. */
export async function runSearch(parts: Parts, actor: Actor, asked: Asked): Promise<SearchResult> {
  if (asked.type) {
    requireType(parts, asked.type);
    requireScope(actor, 'search', asked.type);
  }
  const filter = accessFilter(actor, 'search', parts.clock.now().getTime());
  const parsed = await parseSearch(searchContext(parts, filter), asked);
  const page = await parts.store.search(parsed.query, filter);
  const included = await include(parts, page.entries, parsed.includes, filter);
  const entry =
    (mode: 'match' | 'include') =>
    (version: StoredVersion): SearchEntry => ({
      mode,
      stored: projectStored(parts, version, parsed.projection),
    });
  return {
    entries: [...page.entries.map(entry('match')), ...included.map(entry('include'))],
    ...(page.total === undefined ? {} : { total: page.total }),
    self: parsed.self,
    ...(page.next === undefined ? {} : { next: nextLink(parsed, page.next) }),
    ...outcomeOf(parsed),
  };
}

export function searchContext(parts: Parts, filter: AccessFilter): SearchContext {
  return {
    definitions: parts.definitions,
    numbers: parts.numbers,
    baseUrl: parts.baseUrl,
    now: filter.now,
    locate: keys => parts.store.locate(keys, filter),
  };
}

/** Each step goes one reference on; with `:iterate` also from what was included, each resource once. */
async function include(
  parts: Parts,
  matches: readonly StoredVersion[],
  steps: readonly IncludeStep[],
  filter: AccessFilter,
): Promise<StoredVersion[]> {
  const seen = new Set<Rid>(matches.map(match => match.rid));
  const found: StoredVersion[] = [];
  let from: readonly StoredVersion[] = matches;
  for (let round = 0; round <= limits.iterations && from.length && steps.length; round++) {
    const fresh: StoredVersion[] = [];
    for (const step of round === 0 ? steps : steps.filter(one => one.iterate)) {
      const rids = from.map(one => one.rid);
      const limit = limits.included + 1 - found.length - fresh.length;
      const { direction, params, targets } = step;
      const request = { direction, rids, params, limit, ...(targets ? { types: targets } : {}) };
      for (const version of await parts.store.include(request, filter)) {
        if (seen.has(version.rid)) continue;
        seen.add(version.rid);
        fresh.push(version);
      }
      if (found.length + fresh.length > limits.included) throw tooMany();
    }
    found.push(...fresh);
    from = fresh;
  }
  return found;
}

const tooMany = (): HubError =>
  new HubError(
    'invalid',
    `This page includes more than ${limits.included} resources: ask for a smaller _count or fewer includes.`,
  );

function outcomeOf(parsed: ParsedSearch): { outcome?: OperationOutcome } {
  if (!parsed.warnings.length) return {};
  const issue = parsed.warnings.map(warning => ({
    severity: 'warning' as const,
    code: warning.code ?? ('not-supported' as const),
    details: { text: warning.text },
  }));
  return { outcome: { resourceType: 'OperationOutcome', issue } };
}
