import { allows } from '../../../access/actor.ts';
import { HubError } from '../../../errors.ts';
import { mendable } from '../../sign-in/desk.ts';
import type { Room } from '../room.ts';

/** Whether the reader keeps what the directory says of their organization’s services. */
export const keepsEntries = ({ actor }: Pick<Room, 'actor'>): boolean =>
  allows(actor, 'update', 'HealthcareService');

/** Whether they keep how the organization itself is reached. */
export const keepsContact = ({ actor }: Pick<Room, 'actor'>): boolean =>
  allows(actor, 'update', 'Organization');

/** What the operations call unprocessable, and what somebody else has changed meanwhile, is mended here too. */
export function mendableHere(error: unknown): HubError {
  if (error instanceof HubError && error.kind === 'precondition-failed')
    return new HubError(
      'conflict',
      'Somebody else has changed this entry meanwhile. Nothing of yours is saved yet: open it again to see theirs.',
    );
  if (error instanceof HubError && error.kind === 'unprocessable') return error;
  return mendable(error);
}
