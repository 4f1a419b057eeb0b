import { HubError } from '../errors.ts';
import type { Filter } from '../store/search/types.ts';
import type { Parts } from './parts.ts';
import { searchContext } from './run-search.ts';
import { asksForCodes } from './search/looked-up-codes.ts';
import { parseSearch } from './search/parse.ts';
import { settingNames } from './search/settings.ts';
import { internal } from './write/world.ts';

/** Reads the query part of a scope for a type: `category=http://…|laboratory`. HubError `invalid` where it is not right. */
export type ReadScopeQuery = (type: string, query: string) => Promise<readonly Filter[]>;

/** Kinds that can be asked of a resource that is being written, too. */
const understood: readonly Filter['kind'][] = ['token', 'reference', 'uri', 'id', 'never'];

/**
 * The query part of a SMART v2 scope, compiled once as a search is
 * (https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html#finer-grained-resource-constraints-using-search-parameters).
 * It decides about access and not about an answer: who asks plays no part in what its references lead to.
 */
export function createScopeQuery(parts: Parts, limit = 1000): ReadScopeQuery {
  const known = new Map<string, readonly Filter[]>();
  return async (type, query) => {
    const key = `${type}?${query}`;
    const remembered = known.get(key);
    if (remembered) return remembered;
    const read = await readQuery(parts, type, new URLSearchParams(query));
    // A reference leads to whatever has the id at the moment, and a value set has the codes that it has by then.
    const passing = [...new URLSearchParams(query).keys()].some(asksForCodes);
    if (!passing && !read.some(filter => filter.kind === 'reference' || filter.kind === 'never')) {
      if (known.size >= limit) known.clear();
      known.set(key, read);
    }
    return read;
  };
}

async function readQuery(parts: Parts, type: string, query: URLSearchParams): Promise<readonly Filter[]> {
  const setting = [...query.keys()].find(name => settingNames.includes(name) || /^_(rev)?include/.test(name));
  if (setting !== undefined) throw refused(type, `${setting} says how to answer, not what may be seen`);
  const parsed = await parseSearch(searchContext(parts, internal(parts)), { type, query });
  const { filters } = parsed.query;
  if (filters.length === 0) throw refused(type, 'the query is empty');
  const other = filters.find(one => !understood.includes(one.kind) || (one.kind === 'token' && one.negate));
  if (other)
    throw refused(
      type,
      `only tokens, references, URIs and _id are understood in a scope, not a ${other.kind}`,
    );
  return filters;
}

const refused = (type: string, why: string): HubError =>
  new HubError('invalid', `The query part of a scope for ${type} is not right: ${why}.`);
