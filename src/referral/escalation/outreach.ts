import type { Task } from '@medplum/fhirtypes';
import { canonical, system } from '../../fhir/canonical.ts';
import type { WriteOperation } from '../../fhir/repository.ts';
import type { NextStep } from '../lifecycle/next-step.ts';

const code = { system: `${canonical}/CodeSystem/case-task`, code: 'outreach', display: 'Outreach' };

/**
 * The Task that asks the organization at work to look for somebody who missed a visit. It belongs to that
 * organization, which counts its attempts on it; one for each visit that was missed.
 */
export function outreachTask(task: Task, step: NextStep, hub: string, now: Date): WriteOperation {
  const value = `outreach/${task.id}/${step.due}`;
  const resource: Task = {
    resourceType: 'Task',
    identifier: [{ system: system.hubIdentifier, value }],
    status: 'requested',
    intent: 'order',
    ...(task.priority ? { priority: task.priority } : {}),
    ...(task.meta?.security ? { meta: { security: task.meta.security } } : {}),
    code: { coding: [code] },
    description: 'A visit was missed and no other is booked: look for the person, and count each attempt.',
    focus: { reference: `Task/${task.id}` },
    ...(task.for ? { for: task.for } : {}),
    authoredOn: now.toISOString(),
    requester: { reference: `Organization/${hub}` },
    owner: { reference: `Organization/${step.turn}` },
    restriction: { period: { start: now.toISOString() } },
  };
  const ifNoneExist = new URLSearchParams({ identifier: `${system.hubIdentifier}|${value}` });
  return { kind: 'create', resource, ifNoneExist: ifNoneExist.toString(), inNameOf: step.turn };
}
