import type { Resource } from '@medplum/fhirtypes';
import { HubError } from '../errors.ts';
import type { Repository } from './repository.ts';
import type { Asking } from './withheld.ts';

/** Reading for those who decide: whole searches instead of pages, absence instead of errors. */
export interface Reader {
  now: Date;
  /** Logical id of the hub's own Organization. */
  hubOrganization: string;
  /** `Type/id`; undefined when absent, deleted or hidden. */
  read<R extends Resource>(reference: string): Promise<R | undefined>;
  /**
   * A search, e.g. `search('Task', 'owner=Organization/1&status=requested')`: all of its pages, or its first
   * `limit` matches in the order of its `_sort`.
   */
  search<R extends Resource>(type: R['resourceType'], query: string, limit?: number): Promise<R[]>;
  /** The versions of a resource, newest first; of a long history the newest ones. */
  history<R extends Resource>(reference: string): Promise<R[]>;
  /** How many resources a search finds. */
  count(type: string, query: string): Promise<number>;
  /** See `Repository.withheldFrom`. */
  withheldFrom(asking: Asking, organizations: readonly string[]): Promise<ReadonlySet<string>>;
}

/** The data as the actor of a repository sees it at a moment. */
export function createReader(repository: Repository, now: Date, hubOrganization: string): Reader {
  return {
    now,
    hubOrganization,
    read: reference => readIfThere(repository, reference),
    search: (type, query, limit) => searchAll(repository, type, query, limit ?? Number.POSITIVE_INFINITY),
    history: reference => versionsOf(repository, reference),
    withheldFrom: (asking, organizations) => repository.withheldFrom(asking, organizations),
    async count(type, query) {
      const params = new URLSearchParams(query);
      params.set('_summary', 'count');
      const { total } = await repository.search(type, params);
      if (total === undefined) {
        throw new Error(`A count of ${type} has no total`);
      }
      return total;
    },
  };
}

async function readIfThere<R extends Resource>(
  repository: Repository,
  reference: string,
): Promise<R | undefined> {
  const [type = '', id = ''] = reference.split('/');
  try {
    return (await repository.read(type, id)).resource() as R;
  } catch (error) {
    if (error instanceof HubError && (error.kind === 'not-found' || error.kind === 'gone')) {
      return undefined;
    }
    throw error;
  }
}

const pageSize = 200;

async function versionsOf<R extends Resource>(repository: Repository, reference: string): Promise<R[]> {
  const [type = '', id = ''] = reference.split('/');
  const query = new URLSearchParams({ _count: String(pageSize) });
  const { entries } = await repository.history({ type, id, query });
  return entries.filter(entry => entry.op !== 'delete').map(entry => entry.stored.resource() as R);
}

async function searchAll<R extends Resource>(
  repository: Repository,
  type: R['resourceType'],
  query: string,
  limit: number,
): Promise<R[]> {
  const found: R[] = [];
  let next: URLSearchParams | undefined = new URLSearchParams(query);
  next.set('_count', String(Math.min(limit, pageSize)));
  while (next && found.length < limit) {
    const page = await repository.search(type, next);
    found.push(
      ...page.entries.filter(entry => entry.mode === 'match').map(entry => entry.stored.resource() as R),
    );
    next = page.next === undefined ? undefined : new URLSearchParams(page.next);
  }
  return found.slice(0, limit);
}
