import type { Communication } from '@medplum/fhirtypes';
import { allows } from '../../../access/actor.ts';
import { HubError } from '../../../errors.ts';
import type { Repository, Stored } from '../../../fhir/repository.ts';

/**
 * Says of messages that they have come to somebody's eyes (`Communication.received`). Whoever opens the page at the
 * same moment says it too: one of them is enough.
 */
export async function markRead(
  repository: Repository,
  unread: readonly Stored<Communication>[],
  now: Date,
): Promise<void> {
  if (!unread.length || !allows(repository.actor, 'update', 'Communication')) return;
  const received = now.toISOString();
  try {
    await repository.write(
      unread.map(one => ({
        kind: 'update',
        type: 'Communication',
        id: one.id,
        resource: { ...one.resource(), received },
        ifMatch: `W/"${one.versionId}"`,
      })),
    );
  } catch (error) {
    if (!(error instanceof HubError && error.kind === 'precondition-failed')) throw error;
  }
}
