import type { Context } from 'hono';
import { disclosedTo, shortNotice } from '../access/disclosure.ts';
import type { Repository, SearchResult, Stored } from '../fhir/repository.ts';
import { setHeader } from './answer.ts';

/**
 * The repository of a request, which notes what it shows of other organizations' labelled resources: whatever
 * the request is (a read, a page, a Bundle, an operation), its answer carries the notice that goes with them.
 */
export function noticing(repository: Repository, c: Context): Repository {
  let shown = 0;
  const note = (resources: readonly Stored[]): number => {
    const mask = disclosedTo(repository.actor.organization, resources);
    if ((shown | mask) !== shown) {
      shown |= mask;
      setHeader(c, 'Disclosure-Notice', shortNotice(shown));
    }
    return mask;
  };
  const one = (stored: Stored): Stored => {
    note([stored]);
    return stored;
  };
  const page = (result: SearchResult): SearchResult => {
    const disclosed = note(result.entries.map(entry => entry.stored));
    return disclosed ? { ...result, disclosed } : result;
  };
  return {
    ...repository,
    read: async (type, id) => one(await repository.read(type, id)),
    vread: async (type, id, versionId) => one(await repository.vread(type, id, versionId)),
    search: async (type, query, options) => page(await repository.search(type, query, options)),
    history: async request => page(await repository.history(request)),
    async write(operations, options) {
      const results = await repository.write(operations, options);
      note(results.flatMap(({ stored }) => stored ?? []));
      return results;
    },
  };
}
