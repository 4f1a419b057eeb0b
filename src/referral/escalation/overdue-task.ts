import type { Task } from '@medplum/fhirtypes';
import { canonical, system } from '../../fhir/canonical.ts';
import type { WriteOperation } from '../../fhir/repository.ts';
import type { NextStep } from '../lifecycle/next-step.ts';

const code = {
  system: `${canonical}/CodeSystem/hub-task`,
  code: 'overdue',
  display: 'Referral without an answer',
};

/** The Task that tells the operators of the network of a referral that waits: one for an action and its due time. */
export function overdueTask(task: Task, step: NextStep, hub: string, now: Date): WriteOperation {
  const itself = { reference: `Organization/${hub}` };
  const value = `overdue/${task.id}/${step.action}/${step.due}`;
  const resource: Task = {
    resourceType: 'Task',
    identifier: [{ system: system.hubIdentifier, value }],
    status: 'requested',
    intent: 'order',
    code: { coding: [code] },
    description: `Task/${task.id} waits for Organization/${step.turn} (${step.action}, due ${step.due}), which was reminded.`,
    focus: { reference: `Task/${task.id}` },
    authoredOn: now.toISOString(),
    requester: itself,
    owner: itself,
  };
  const ifNoneExist = new URLSearchParams({ identifier: `${system.hubIdentifier}|${value}` });
  return { kind: 'create', resource, ifNoneExist: ifNoneExist.toString() };
}
