import type { Task } from '@medplum/fhirtypes';
import { system } from '../../fhir/canonical.ts';

/** A referral: a Task with code `fulfill` whose focus is a ServiceRequest. Other Tasks have no lifecycle of ours. */
export function isReferralTask(task: Task): boolean {
  const fulfills = task.code?.coding?.some(
    coding => coding.system === system.taskCode && coding.code === 'fulfill',
  );
  return fulfills === true && requestOf(task) !== undefined;
}

/** `ServiceRequest/id` that the Task is about, without a version. */
export const requestOf = (task: Task): string | undefined => literal(task.focus?.reference, 'ServiceRequest');

/** `Task/id` of the Task that this one is part of. */
export const parentOf = (task: Task): string | undefined => literal(task.partOf?.[0]?.reference, 'Task');

function literal(reference: string | undefined, type: string): string | undefined {
  const [named, id] = reference?.split('/') ?? [];
  return named === type && id ? `${type}/${id}` : undefined;
}
