import type { EpisodeOfCare, Task } from '@medplum/fhirtypes';
import type { Parts } from '../parts.ts';
import { internal } from './world.ts';

/** Work that has ended; an organization then still sees what it worked with for the days of grace. */
const ended: readonly string[] = ['completed', 'cancelled', 'finished'];

/** More edits than that of work that has ended are not looked back over. */
const versions = 200;

/**
 * When the grace of a Task or an episode is over (epoch milliseconds): counted once, from when the work ended. A
 * later note or output does not begin it anew.
 */
export async function graceEnds(resource: Task | EpisodeOfCare, parts: Parts): Promise<number> {
  const day = 86_400_000;
  return (await endedAt(resource, parts)) + parts.privacy.graceDays * day;
}

/** The time of the oldest version since which it has stayed ended; now, where it ends by this very write. */
async function endedAt(resource: Task | EpisodeOfCare, parts: Parts): Promise<number> {
  let since = parts.clock.now().getTime();
  if (!resource.id || !ended.includes(resource.status)) return since;
  const of = { type: resource.resourceType, id: resource.id, count: versions };
  for (const { body, at } of await parts.store.history(of, internal(parts))) {
    if (!body || !ended.includes((JSON.parse(body) as Task | EpisodeOfCare).status)) break;
    since = at;
  }
  return since;
}
