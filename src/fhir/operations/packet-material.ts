import type { Resource, ServiceRequest, Task } from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import { isReferralTask } from '../../referral/lifecycle/referral-task.ts';
import type { Repository, Stored } from '../repository.ts';

/** A resource as the caller sees it; undefined when it is absent or not for the caller. */
export async function readIfThere(repository: Repository, reference: string): Promise<Stored | undefined> {
  const [type = '', id = ''] = reference.split('/');
  if (!id) return undefined;
  try {
    return await repository.read(type, id);
  } catch (error) {
    const absent =
      error instanceof HubError && ['not-found', 'gone', 'forbidden', 'invalid'].includes(error.kind);
    if (absent) return undefined;
    throw error;
  }
}

/** The Tasks that ask somebody to take on this request, as far as the caller sees them. */
export async function tasksOf(repository: Repository, request: ServiceRequest): Promise<Task[]> {
  if (!request.id) return [];
  const query = new URLSearchParams({ focus: `ServiceRequest/${request.id}`, _count: '100' });
  const { entries } = await repository.search('Task', query);
  const tasks = entries.filter(({ mode }) => mode === 'match').map(one => one.stored.resource() as Task);
  return tasks.filter(task => isReferralTask(task) && task.status !== 'entered-in-error');
}

/** What the caller holds of a person, of these types: the latest of each. */
export async function heldOf(
  repository: Repository,
  patient: string,
  types: readonly string[],
): Promise<Resource[]> {
  const pages = types.map(async type => {
    const query = new URLSearchParams({ patient, _count: '50', _sort: '-_lastUpdated' });
    const { entries } = await repository.search(type, query);
    return entries.filter(({ mode }) => mode === 'match').map(({ stored }) => stored.resource());
  });
  return (await Promise.all(pages)).flat();
}
