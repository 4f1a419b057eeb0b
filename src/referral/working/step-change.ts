import type { Task } from '@medplum/fhirtypes';
import { businessStatus } from '../lifecycle/steps.ts';
import { type EventName, transitionOf } from '../lifecycle/table.ts';

/** What a client sets in a Task to make this event of the lifecycle happen. */
export function stepChange(event: EventName): Partial<Task> {
  const { to } = transitionOf(event);
  if (to.status === 'same') throw new Error(`${event} changes no status`);
  const { step } = to;
  const says = step && step !== 'prior' && step !== 'mirrored' && step !== 'same';
  return {
    status: to.status,
    // A hold keeps the step before in the hub's own extension; the status alone says it.
    ...(says && event !== 'hold' ? { businessStatus: businessStatus(step) } : {}),
  };
}
