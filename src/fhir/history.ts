import type { Actor } from '../access/actor.ts';
import { accessFilter } from '../access/filter.ts';
import { requireScope } from '../access/writes.ts';
import { HubError } from '../errors.ts';
import { dateRange } from './definitions/dates.ts';
import type { Parts } from './parts.ts';
import type { SearchResult } from './repository.ts';
import { requireType } from './resource-type.ts';
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
  const filter = accessFilter(actor, 'read', parts.clock.now().getTime());
  const versions = await parts.store.history(
    { ...(type ? { type } : {}), ...(id ? { id } : {}), ...asked, count: asked.count + 1 },
    filter,
  );
  const page = versions.slice(0, asked.count);
  if (id && page.length === 0 && asked.before === undefined && asked.since === undefined) {
    throw new HubError('not-found', `There is no ${type}/${id}.`);
  }
  const last = page.at(-1);
  const more = versions.length > page.length && last;
  return {
    entries: page.map(version => ({ mode: 'match', stored: storedOf(version), op: version.op })),
    self: query.toString(),
    ...(more ? { next: nextQuery(query, last.seq) } : {}),
  };
}

function parameters(query: URLSearchParams): { since?: number; before?: number; count: number } {
  const result: { since?: number; before?: number; count: number } = { count: defaultCount };
  for (const [name, value] of query) {
    if (name === '_count') result.count = Math.min(wholeNumber(name, value), maxCount);
    else if (name === '_since') result.since = instant(value);
    else if (name === '_before') result.before = wholeNumber(name, value);
    else if (!['_format', '_pretty', '_summary', '_elements'].includes(name)) {
      throw new HubError(
        'invalid',
        `History takes _since, _count, _format and _pretty; "${name.slice(0, 64)}" is not one of them.`,
      );
    }
  }
  return result;
}

function wholeNumber(name: string, value: string): number {
  if (/^[0-9]{1,15}$/.test(value)) return Number(value);
  throw new HubError('invalid', `${name} must be a whole number.`);
}

function instant(value: string): number {
  const range = dateRange(value);
  if (range) return range.lo;
  throw new HubError('invalid', '_since must be an instant such as 2024-05-01T08:30:00Z.');
}

function nextQuery(query: URLSearchParams, seq: number): string {
  const next = new URLSearchParams(query);
  next.set('_before', String(seq));
  return next.toString();
}
