import type { OperationOutcome } from '@medplum/fhirtypes';
import type { Actor } from '../access/actor.ts';
import { type AccessFilter, accessFilter } from '../access/filter.ts';
import { requireScope } from '../access/writes.ts';
import { HubError } from '../errors.ts';
import { guideQuery } from '../exchange/hsds/guide/query.ts';
import { storedQuery } from '../referral/lifecycle/bser-task.ts';
import type { Key, StoredVersion } from '../store/types.ts';
import { openPlace, sealPlace } from './cursor-seal.ts';
import type { Parts } from './parts.ts';
import { projectStored } from './projection.ts';
import type { SearchEntry, SearchResult } from './repository.ts';
import { requireType } from './resource-type.ts';
import { distanceOf } from './search/distance.ts';
import { followIncludes } from './search/follow.ts';
import { limits } from './search/limits.ts';
import { nextLink, parseSearch } from './search/parse.ts';
import type { Compartment, IncludeStep, ParsedSearch, SearchContext } from './search/parsed.ts';
import { storedOf } from './stored.ts';
import { codesForSearch } from './terminology/codes-for-search.ts';

export interface Asked {
  type: string | undefined;
  query: URLSearchParams;
  /** Only what is in the compartment of this resource; without a type: of all types that are in it. */
  compartment?: Key | undefined;
  lenient?: boolean | undefined;
}

/** https://hl7.org/fhir/R4/search.html : one page, with what `_include` and `_revinclude` bring, as the actor may see it. */
export async function runSearch(parts: Parts, actor: Actor, given: Asked): Promise<SearchResult> {
  const asked = { ...given, query: storedAs(given) };
  if (asked.type) {
    requireType(parts, asked.type);
    requireScope(actor, 'search', asked.type);
  }
  const filter = accessFilter(actor, 'search', parts.clock.now().getTime());
  const within = asked.compartment && compartmentOf(parts, asked.compartment, asked.type);
  const parsed = await parseSearch(searchContext(parts, filter), {
    type: asked.type,
    query: asked.query,
    lenient: asked.lenient,
    ...within,
  });
  const place = `${pathOf(asked)}?${placeOf(asked.query)}`;
  const { after } = parsed.query;
  const page = await parts.store.search(
    after === undefined
      ? parsed.query
      : { ...parsed.query, after: openPlace(parts.pagingKey, after, actor, place) },
    filter,
  );
  const { filters } = parsed.query;
  const isNear = filters.some(one => one.kind === 'near');
  const included = await include(parts, page.entries, parsed.includes, filter);
  const entry =
    (mode: 'match' | 'include') =>
    (version: StoredVersion): SearchEntry => {
      const stored = storedOf(version);
      const distance = isNear && mode === 'match' ? distanceOf(filters, stored.resource()) : undefined;
      return {
        mode,
        stored: projectStored(parts, stored, parsed.projection),
        ...(distance === undefined ? {} : { distance }),
      };
    };
  return {
    entries: [...page.entries.map(entry('match')), ...included.map(entry('include'))],
    ...(page.total === undefined ? {} : { total: page.total }),
    self: parsed.self,
    ...(page.next === undefined
      ? {}
      : { next: nextLink(parsed, sealPlace(parts.pagingKey, page.next, actor, place)) }),
    ...outcomeOf(parsed),
  };
}

/** What is asked in the words of a view, in those of what is stored. */
const storedAs = ({ type, query }: Asked): URLSearchParams =>
  type === 'Task' ? storedQuery(query) : guideQuery(type, query);

/** Where a search is asked: `/Task`, `/Patient/1/Task`, `/Patient/1/*` or nothing for the whole system. */
export function pathOf({ type, compartment }: Pick<Asked, 'type' | 'compartment'>): string {
  if (!compartment) return type ? `/${type}` : '';
  return `/${compartment.type}/${compartment.id}/${type ?? '*'}`;
}

/** https://hl7.org/fhir/R4/search.html#2.21.1.2 : the one compartment that the hub's access rests on, the patient's. */
function compartmentOf(
  { definitions, numbers }: Parts,
  of: Key,
  type: string | undefined,
): { types: readonly string[]; compartment: Compartment } {
  if (of.type !== 'Patient')
    throw new HubError('not-found', `There is no compartment of ${of.type}; Patient has one.`);
  const members = [...definitions.resourceTypes].filter(
    one => one === 'Patient' || definitions.patientCompartment(one).length > 0,
  );
  const types = type === undefined ? members : members.filter(one => one === type);
  if (types.length === 0)
    throw new HubError('not-found', `${type} resources are in no patient's compartment.`);
  const params = types.flatMap(one =>
    definitions.patientCompartment(one).flatMap(code => numbers.get(`${one}.${code}`) ?? []),
  );
  return { types, compartment: { of, params } };
}

/** What makes two requests pages of one search: all but how much of it is shown at once, and how. */
function placeOf(query: URLSearchParams): string {
  const shown = ['_cursor', '_count', '_total', '_format', '_pretty'];
  const asked = new URLSearchParams([...query].filter(([name]) => !shown.includes(name)));
  asked.sort();
  return asked.toString();
}

export function searchContext(parts: Parts, filter: AccessFilter): SearchContext {
  return {
    definitions: parts.definitions,
    numbers: parts.numbers,
    baseUrl: parts.baseUrl,
    now: filter.now,
    locate: keys => parts.store.locate(keys, filter),
    codesOf: asked => codesForSearch(parts.terminology, asked),
  };
}

/** What the includes bring, each resource once. */
async function include(
  parts: Parts,
  matches: readonly StoredVersion[],
  steps: readonly IncludeStep[],
  filter: AccessFilter,
): Promise<readonly StoredVersion[]> {
  const { versions, truncated } = await followIncludes(steps, matches, one =>
    parts.store.include(one, filter),
  );
  if (truncated) throw tooMany();
  return versions;
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
