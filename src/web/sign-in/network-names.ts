import type { Organization } from '@medplum/fhirtypes';
import type { Parts } from '../../fhir/parts.ts';
import { searchContext } from '../../fhir/run-search.ts';
import { parseSearch } from '../../fhir/search/parse.ts';
import { internal } from '../../fhir/write/world.ts';

/** Names of organizations for the pages' own words: the directory, open to everybody who signs in. */
export function networkNames(parts: Parts) {
  return {
    async nameOf(id: string): Promise<string> {
      const stored = await parts.store.read({ type: 'Organization', id }, internal(parts));
      return (stored?.body && (JSON.parse(stored.body) as Organization).name) || id;
    },
    async organizations(): Promise<{ id: string; name: string }[]> {
      const query = new URLSearchParams({ _sort: 'name', _count: '1000' });
      const parsed = await parseSearch(searchContext(parts, internal(parts)), {
        type: 'Organization',
        query,
      });
      const { entries } = await parts.store.search(parsed.query, internal(parts));
      return entries.map(({ id, body }) => ({
        id,
        name: (body && (JSON.parse(body) as Organization).name) || id,
      }));
    },
  };
}
