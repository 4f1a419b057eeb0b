import type { Parameters, ParametersParameter, Task } from '@medplum/fhirtypes';
import { nextStepOf } from '../../referral/lifecycle/next-step.ts';
import { stateOf } from '../../referral/lifecycle/state.ts';
import type { Action, Work } from '../../referral/working/action.ts';
import { availableActions } from '../../referral/working/available.ts';
import { attemptsOf } from '../../referral/working/contact-attempts.ts';
import type { InputDefinition } from '../../referral/working/inputs.ts';
import { waitlistPosition } from '../../referral/working/waitlist.ts';
import { canonical } from '../canonical.ts';
import type { Operation } from './operation.ts';
import { referralWork } from './referral-work.ts';

/** What the caller may do with a referral now, and what each needs: enough to draw the buttons and forms of a page. */
export const availableActionsOperation: Operation = {
  name: 'available-actions',
  definition: `${canonical}/OperationDefinition/referral-available-actions`,
  documentation: 'What the caller may do with this referral now, and the inputs that each needs.',
  levels: ['instance'],
  types: ['Task'],
  methods: ['GET', 'POST'],
  async run({ parts, repository, id = '' }) {
    const work = await referralWork(parts, repository, id);
    const resource: Parameters = {
      resourceType: 'Parameters',
      parameter: [
        ...state(work),
        ...(await counted(work)),
        ...availableActions(work).map(one => described(one, work.task)),
      ],
    };
    return { kind: 'resource', resource };
  },
};

function state({ task }: Work): ParametersParameter[] {
  const { status, step } = stateOf(task);
  const next = nextStepOf(task);
  return [
    { name: 'status', valueCode: status },
    ...(step ? [{ name: 'business-status', valueCode: step }] : []),
    ...(next
      ? [
          { name: 'turn', valueReference: { reference: `Organization/${next.turn}` } },
          { name: 'next-action', valueCode: next.action },
          { name: 'due', valueDateTime: next.due },
        ]
      : []),
  ];
}

async function counted(work: Work): Promise<ParametersParameter[]> {
  const { task, parties } = work;
  if (!parties.has('target')) return [];
  const attempts = (await attemptsOf(work)).length;
  const place = task.owner?.reference && (await placeOnList(work, task));
  return [
    ...(attempts ? [{ name: 'contact-attempts', valueInteger: attempts }] : []),
    ...(place
      ? [
          { name: 'waitlist-position', valuePositiveInt: place.position },
          { name: 'waitlist-length', valuePositiveInt: place.of },
        ]
      : []),
  ];
}

async function placeOnList({ about }: Work, task: Task) {
  const owner = task.owner?.reference ?? '';
  return waitlistPosition(task, await about<Task>('Task', 'owner', owner));
}

function described({ name, title, means, inputs }: Action, { id }: Task): ParametersParameter {
  return {
    name: 'action',
    part: [
      { name: 'name', valueCode: name },
      { name: 'title', valueString: title },
      { name: 'means', valueString: means },
      { name: 'operation', valueUrl: `Task/${id}/$${name}` },
      ...inputs.map(input),
    ],
  };
}

function input({
  name,
  type,
  required,
  many,
  vocabulary,
  targets,
  means,
}: InputDefinition): ParametersParameter {
  return {
    name: 'input',
    part: [
      { name: 'name', valueCode: name },
      { name: 'type', valueCode: type },
      { name: 'required', valueBoolean: required ?? false },
      { name: 'repeats', valueBoolean: many ?? false },
      ...(vocabulary ? [{ name: 'value-set', valueCanonical: vocabulary.valueSet }] : []),
      ...(targets ?? []).map(one => ({ name: 'target', valueCode: one })),
      { name: 'means', valueString: means },
    ],
  };
}
