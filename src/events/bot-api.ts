import type { Resource } from '@medplum/fhirtypes';
import { HubError } from '../errors.ts';
import type { Repository } from '../fhir/repository.ts';
import type { BotApi } from './bot.ts';

/** The data as a bot sees it, through the repository of the bot's own actor. */
export function createBotApi(repository: Repository, now: Date, hubOrganization: string): BotApi {
  return {
    now,
    hubOrganization,
    read: reference => readIfThere(repository, reference),
    search: (type, query, limit) => searchAll(repository, type, query, limit ?? Number.POSITIVE_INFINITY),
    history: reference => versionsOf(repository, reference),
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
