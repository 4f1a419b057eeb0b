import type { Task } from '@medplum/fhirtypes';
import { system } from '../../fhir/canonical.ts';
import { isReferralTask } from '../lifecycle/referral-task.ts';

/** Resting because there is no opening yet. */
export const isWaitlisted = (task: Task): boolean =>
  isReferralTask(task) &&
  task.status === 'on-hold' &&
  (task.statusReason?.coding?.some(
    coding =>
      (coding.system === system.holdReason && coding.code === 'waitlist') ||
      (coding.system === system.declineReason &&
        ['no-capacity', 'waitlist-too-long'].includes(coding.code ?? '')),
  ) ??
    false);

const urgency = ['stat', 'asap', 'urgent', 'routine'] as const;

/** Who is more urgent comes first; of the same urgency, who was asked for earlier. */
export function byTurn(a: Task, b: Task): number {
  const urgent = urgency.indexOf(a.priority ?? 'routine') - urgency.indexOf(b.priority ?? 'routine');
  const earlier = (a.authoredOn ?? '').localeCompare(b.authoredOn ?? '');
  return urgent || earlier || (a.id ?? '').localeCompare(b.id ?? '');
}

/** The HealthcareService that is asked for, or else whoever is asked. */
export function listOf(task: Task): string | undefined {
  const offered = task.input?.find(one =>
    one.type.coding?.some(
      coding => coding.system?.endsWith('/CodeSystem/routing-input') && coding.code === 'offered-service',
    ),
  );
  return offered?.valueReference?.reference ?? task.owner?.reference;
}

/** Place (from 1) of a waitlisted Task among those of the same service, and how many there are. */
export function waitlistPosition(
  task: Task,
  others: readonly Task[],
): { position: number; of: number } | undefined {
  if (!isWaitlisted(task)) return undefined;
  const list = [task, ...others.filter(one => one.id !== task.id)]
    .filter(one => isWaitlisted(one) && listOf(one) === listOf(task))
    .sort(byTurn);
  return { position: list.indexOf(task) + 1, of: list.length };
}
