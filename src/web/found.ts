import type { Reference, Resource } from '@medplum/fhirtypes';
import type { Repository } from '../fhir/repository.ts';

/** One page of a search, with what came along. */
export interface FoundPage<R extends Resource> {
  matches: R[];
  /** What a reference of the matches leads to, where the search included it. */
  get<T extends Resource>(reference: Reference | undefined): T | undefined;
  total?: number;
  /** The `_cursor` of the next page. */
  next?: string;
}

/** Searches as the repository's actor. */
export async function findPage<R extends Resource>(
  repository: Repository,
  type: R['resourceType'],
  query: readonly (readonly [name: string, value: string])[],
): Promise<FoundPage<R>> {
  const params = new URLSearchParams(query.map(([name, value]) => [name, value]));
  const { entries, total, next } = await repository.search(type, params);
  const all = new Map(
    entries.map(({ stored }) => [`${stored.type}/${stored.id}`, stored.resource() as Resource]),
  );
  const cursor = next && new URLSearchParams(next).get('_cursor');
  return {
    matches: entries
      .filter(({ mode }) => mode === 'match')
      .map(({ stored }) => all.get(`${stored.type}/${stored.id}`) as R),
    get: <T extends Resource>(reference: Reference | undefined) =>
      all.get(reference?.reference ?? '') as T | undefined,
    ...(total === undefined ? {} : { total }),
    ...(cursor ? { next: cursor } : {}),
  };
}
