import type { Communication, Task } from '@medplum/fhirtypes';
import { requireScope } from '../../access/writes.ts';
import { HubError } from '../../errors.ts';
import type { Action, Change, Work } from '../../referral/working/action.ts';
import { actions } from '../../referral/working/actions.ts';
import { availableActions, isDone, notAvailable } from '../../referral/working/available.ts';
import { type Inputs, readInputs } from '../../referral/working/inputs.ts';
import { canonical } from '../canonical.ts';
import type { WriteOperation } from '../repository.ts';
import type { Operation, OperationCall } from './operation.ts';
import { referralWork } from './referral-work.ts';

/**
 * One operation for each thing that people do with a referral. Each only builds what a plain FHIR client could send
 * in a transaction: a changed Task, and what belongs to it.
 */
export const referralActions: readonly Operation[] = actions.map(action => ({
  name: action.name,
  definition: [canonical, 'OperationDefinition', `referral-${action.name}`].join('/'),
  documentation: `${action.title}. ${action.means}`,
  levels: ['instance'],
  types: ['Task'],
  methods: ['POST'],
  run: async call => ({ kind: 'resource', resource: await act(action, call) }),
}));

/** Somebody else was faster so often that a person has to look. */
const attempts = 8;

async function act(action: Action, call: OperationCall): Promise<Task> {
  const { parts, repository, id = '' } = call;
  requireScope(repository.actor, 'update', 'Task');
  const inputs = readInputs(action.inputs, call.body);
  for (let attempt = 1; ; attempt++) {
    const work = await referralWork(parts, repository, id);
    if (await saidBefore(work, inputs)) return work.task;
    if (!availableActions(work).includes(action)) {
      if (isDone(action, work)) return work.task;
      throw notAvailable(action, work);
    }
    const changes = await action.changes(work, inputs);
    try {
      return await writeAll(changes, work.task, call);
    } catch (error) {
      // What was read has changed meanwhile: decide anew from what is there now.
      const stale = error instanceof HubError && error.kind === 'precondition-failed';
      if (!stale || attempt >= attempts) throw error;
    }
  }
}

/** The same call again, by the caller's own identifier. */
async function saidBefore(work: Work, inputs: Inputs): Promise<boolean> {
  const identifier = inputs.identifier();
  if (!identifier) return false;
  const said = await work.own<Communication>('Communication', 'based-on', `Task/${work.task.id}`);
  return said.some(one =>
    one.identifier?.some(({ system, value }) => system === identifier.system && value === identifier.value),
  );
}

/** One commit for each change; the later ones start from what the earlier ones have made. */
async function writeAll(
  changes: readonly Change[],
  from: Task & { id: string },
  { repository }: OperationCall,
): Promise<Task> {
  let task = from;
  for (const change of changes) {
    const changed = changedTask(task, change);
    const update: WriteOperation = {
      kind: 'update',
      type: 'Task',
      id: task.id,
      resource: changed,
      ifMatch: `W/"${task.meta?.versionId}"`,
    };
    const operations = [...(changed === task ? [] : [update]), ...(change.also ?? [])];
    const results = operations.length ? await repository.write(operations) : [];
    if (changed !== task) task = (results[0]?.stored?.resource() as typeof task | undefined) ?? task;
  }
  return task;
}

function changedTask(task: Task & { id: string }, change: Change): Task & { id: string } {
  const { set, note, input = [], output = [] } = change;
  if (!set && !note && !input.length && !output.length) return task;
  return {
    ...task,
    ...set,
    ...(note ? { note: [...(task.note ?? []), { text: note }] } : {}),
    ...(input.length ? { input: [...(task.input ?? []), ...input] } : {}),
    ...(output.length ? { output: [...(task.output ?? []), ...output] } : {}),
  };
}
