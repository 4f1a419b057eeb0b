import type { ServiceRequest, Task } from '@medplum/fhirtypes';
import { system } from '../../fhir/canonical.ts';
import { isWorking, stateOf } from '../lifecycle/state.ts';
import { type Action, comment, referenceOf, type Work } from './action.ts';
import type { InputDefinition, Inputs } from './inputs.ts';
import { isOutput, output } from './outputs.ts';
import { stepChange } from './step-change.ts';

const to = (means: string): InputDefinition => ({
  name: 'to',
  type: 'Reference',
  required: true,
  targets: ['Organization'],
  means,
});

export const passingOn: readonly Action[] = [
  {
    name: 'redirect',
    title: 'Advise another organization',
    means:
      'Says no, or gives the referral back, and names who should be asked instead. The sender decides: a draft for that organization is ready to be sent, or the hub asks it first.',
    events: ['decline', 'withdraw'],
    done: ({ task }) => task.output?.some(one => isOutput(one, 'redirected-to')) ?? false,
    inputs: [to('The organization to ask instead.'), comment],
    changes(work, inputs) {
      const event = stateOf(work.task).status === 'requested' ? 'decline' : 'withdraw';
      const [valueReference] = inputs.references('to');
      const text = inputs.text('comment') ?? 'Another organization fits better.';
      const coding = [{ system: system.declineReason, code: 'redirected', display: 'Redirected' }];
      return [
        {
          set: { ...stepChange(event), statusReason: { coding, text } },
          ...(valueReference ? { output: [output('redirected-to', { valueReference })] } : {}),
        },
      ];
    },
  },
  {
    name: 'transfer',
    title: 'Transfer',
    means:
      'Asks another organization to take the person on, in the name of who has accepted: a request and a Task of its own, which the sender sees too. This Task goes on until it is completed.',
    when: ({ task, parties, target, hub }) =>
      parties.has('target') && target !== hub && isWorking(task) && stateOf(task).step !== '5.2',
    inputs: [to('The organization that is asked to take over.'), comment],
    changes: (work, inputs) => [transferring(work, inputs)],
  },
];

const requestUrn = 'urn:uuid:00000000-0000-4000-8000-0000000000a1';
const taskUrn = 'urn:uuid:00000000-0000-4000-8000-0000000000a2';

function transferring(work: Work, inputs: Inputs) {
  const { task, request, organization, now } = work;
  const words = inputs.text('comment');
  const onward = onwardRequest(work);
  const [owner] = inputs.references('to');
  const asks: Task = {
    resourceType: 'Task',
    ...(task.meta?.security ? { meta: { security: task.meta.security } } : {}),
    status: 'requested',
    intent: 'order',
    ...(task.priority ? { priority: task.priority } : {}),
    ...(task.code ? { code: task.code } : {}),
    ...(task.description ? { description: task.description } : {}),
    partOf: [{ reference: `Task/${task.id}` }],
    focus: { reference: requestUrn },
    ...(request ? { for: { reference: request.subject.reference ?? '' } } : {}),
    requester: referenceOf(organization),
    ...(owner ? { owner: owner as NonNullable<Task['owner']> } : {}),
    authoredOn: now.toISOString(),
    ...(words ? { note: [{ text: words }] } : {}),
  };
  return {
    note: words,
    output: [output('transferred-to', { valueReference: { reference: taskUrn } })],
    also: [
      { kind: 'create', resource: onward, fullUrl: requestUrn },
      { kind: 'create', resource: asks, fullUrl: taskUrn },
    ] as const,
  };
}

/** The same need, asked for by who has it now; only what the sender attached goes along. */
function onwardRequest({ task, request, organization, now }: Work): ServiceRequest {
  return {
    resourceType: 'ServiceRequest',
    ...(request?.meta?.security ? { meta: { security: request.meta.security } } : {}),
    basedOn: task.focus ? [{ reference: task.focus.reference ?? '' }] : [],
    status: 'active',
    intent: 'order',
    ...pick(request, [
      'category',
      'priority',
      'code',
      'orderDetail',
      'reasonCode',
      'reasonReference',
      'supportingInfo',
      'insurance',
      'occurrenceDateTime',
      'occurrencePeriod',
      'locationCode',
    ]),
    subject: { reference: request?.subject.reference ?? task.for?.reference ?? '' },
    requester: referenceOf(organization),
    authoredOn: now.toISOString(),
  };
}

function pick<K extends keyof ServiceRequest>(
  request: ServiceRequest | undefined,
  elements: readonly K[],
): Partial<ServiceRequest> {
  const found = elements.filter(element => request?.[element] !== undefined);
  return Object.fromEntries(found.map(element => [element, request?.[element]]));
}
