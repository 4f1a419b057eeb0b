import type { Actor } from '../access/actor.ts';
import { accessFilter } from '../access/filter.ts';
import { requireScope } from '../access/writes.ts';
import { HubError } from '../errors.ts';
import { openPlace, sealPlace } from './cursor-seal.ts';
import { type DateRange, dateRange } from './definitions/dates.ts';
import type { Parts } from './parts.ts';
import { projectStored } from './projection.ts';
import type { SearchResult } from './repository.ts';
import { requireType } from './resource-type.ts';
import type { Projection } from './search/parsed.ts';
import { readProjection } from './search/settings.ts';
import { storedOf } from './stored.ts';

const defaultCount = 50;
const maxCount = 1000;

/** https://hl7.org/fhir/R4/http.html#history : of a resource, a type or everything, newest first. */
export async function readHistory(
  parts: Parts,
  actor: Actor,
  request: { type?: string; id?: string; query: URLSearchParams },
): Promise<SearchResult> {
  const { type, id, query } = request;
  if (type) {
    requireType(parts, type);
    requireScope(actor, 'read', type);
  } else if (!actor.scopes.some(scope => scope.read)) requireScope(actor, 'read', '*');
  const asked = parameters(query);
  const place = ['_history', type, id].join('/');
  const before = asked.cursor === undefined ? undefined : placeAfter(parts, asked.cursor, actor, place);
  const filter = accessFilter(actor, 'read', parts.clock.now().getTime());
  const versions = await parts.store.history(
    {
      ...(type ? { type } : {}),
      ...(id ? { id } : {}),
      ...(asked.since === undefined ? {} : { since: asked.since }),
      ...(asked.current ? { current: asked.current } : {}),
      ...(before === undefined ? {} : { before }),
      count: asked.count + 1,
    },
    filter,
  );
  const page = versions.slice(0, asked.count);
  const everything = before === undefined && asked.since === undefined && !asked.current;
  if (id && page.length === 0 && everything) throw new HubError('not-found', `There is no ${type}/${id}.`);
  const last = page.at(-1);
  const more = versions.length > page.length && last;
  return {
    entries: page.map(version => ({
      mode: 'match',
      stored: projectStored(parts, storedOf(version), asked.projection),
      op: version.op,
    })),
    self: query.toString(),
    ...(more ? { next: nextQuery(query, sealPlace(parts.pagingKey, `${last.seq}`, actor, place)) } : {}),
  };
}

interface Asked {
  since?: number;
  current?: DateRange;
  cursor?: string;
  count: number;
  projection: Projection;
}

function parameters(query: URLSearchParams): Asked {
  const result: Asked = { count: defaultCount, projection: readProjection(query) };
  for (const [name, value] of query) {
    if (name === '_count') result.count = Math.min(wholeNumber(name, value), maxCount);
    else if (name === '_since') result.since = range(name, value).lo;
    else if (name === '_at') result.current = range(name, value);
    else if (name === '_cursor') result.cursor = value;
    else if (!['_format', '_pretty', '_summary', '_elements', 'view'].includes(name)) {
      throw new HubError(
        'invalid',
        `History takes _since, _at, _count, _summary, _elements, view, _format and _pretty; "${name.slice(0, 64)}" is not one of them.`,
      );
    }
  }
  return result;
}

function wholeNumber(name: string, value: string): number {
  if (/^[0-9]{1,15}$/.test(value)) return Number(value);
  throw new HubError('invalid', `${name} must be a whole number.`);
}

/** `2026-03` is all of March: `_since` begins with it, `_at` means any moment of it. */
function range(name: string, value: string): DateRange {
  const found = dateRange(value.replace(/ (?=\d\d:\d\d$)/, '+'));
  if (found) return found;
  throw new HubError('invalid', `${name} must be a date or a moment such as 2024-05-01T08:30:00Z.`);
}

const placeAfter = (parts: Parts, cursor: string, actor: Actor, place: string): number =>
  Number(openPlace(parts.pagingKey, cursor, actor, place));

function nextQuery(query: URLSearchParams, cursor: string): string {
  const next = new URLSearchParams(query);
  next.set('_cursor', cursor);
  return next.toString();
}
