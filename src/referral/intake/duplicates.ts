import type { ServiceRequest, Task } from '@medplum/fhirtypes';
import { parentOf, requestOf } from '../lifecycle/referral-task.ts';
import { isTerminal, stateOf } from '../lifecycle/state.ts';
import { sameNeed } from './same-need.ts';

/** A referral Task with the request that it is about. */
export interface Sent {
  task: Task;
  request: ServiceRequest;
}

/**
 * Of others' and one's own referrals of the same person, those that are open and ask for the same as `request`.
 * What belongs to one and the same referral is no duplicate: other Tasks of the request, and those that the hub
 * made of it.
 */
export function duplicatesOf(request: ServiceRequest, others: readonly Sent[]): Sent[] {
  const own = family(request);
  return others.filter(
    ({ task, request: other }) =>
      isOpen(task) && !family(other).some(one => own.includes(one)) && sameNeed(request, other),
  );
}

const isOpen = (task: Task): boolean => !isTerminal(task) && stateOf(task).status !== 'draft';

/** The request and those that it is made of, or replaces. */
const family = ({ id, basedOn = [], replaces = [] }: ServiceRequest): string[] => [
  ...(id ? [`ServiceRequest/${id}`] : []),
  ...[...basedOn, ...replaces].flatMap(one => one.reference ?? []),
];

/** Of Tasks above and below each other the ones above: each referral once. */
export function topmost(found: readonly Sent[]): Sent[] {
  const there = new Set(found.map(({ task }) => `Task/${task.id}`));
  const above = found.filter(({ task }) => !there.has(parentOf(task) ?? ''));
  return above.filter(
    (one, index) => above.findIndex(other => requestOf(other.task) === requestOf(one.task)) === index,
  );
}
