import type { Actor } from '../../access/actor.ts';
import { HubError } from '../../errors.ts';
import type { EventName } from './table.ts';

/** What the organization asked may do through a link, without an account: answer, and say what came of it. */
export const linkEvents = [
  'accept',
  'decline',
  'start',
  'record-visit',
  'complete',
  'fail',
  'withdraw',
  'confirm-cancellation',
  'complete-anyway',
] as const satisfies readonly EventName[];

export type LinkEvent = (typeof linkEvents)[number];

export const isLinkEvent = (event: EventName): event is LinkEvent => linkEvents.some(one => one === event);

/** Everything else of the lifecycle needs somebody who has signed in. */
export function requireLinkEvent(actor: Actor, event: EventName): void {
  if (actor.kind !== 'link' || isLinkEvent(event)) return;
  throw new HubError('forbidden', {
    text: `"${event}" is not done through a link; a link allows: ${linkEvents.join(', ')}.`,
    expression: 'Task.status',
  });
}
