import type { Parameters, Task } from '@medplum/fhirtypes';
import { requireScope } from '../../access/writes.ts';
import { HubError } from '../../errors.ts';
import { isReferralTask } from '../../referral/lifecycle/referral-task.ts';
import { canonical } from '../canonical.ts';
import { createRepository } from '../create-repository.ts';
import type { Stored } from '../repository.ts';
import { hubActor } from '../write/write.ts';
import type { Operation, OperationCall } from './operation.ts';

/**
 * Sends the organization that a referral asks a link by e-mail, with which it answers without an account. Who calls
 * never learns the link: nobody answers in another's name.
 */
export const link: Operation = {
  name: 'link',
  definition: `${canonical}/OperationDefinition/link`,
  documentation:
    'Sends the organization that this referral asks a link to the e-mail address that the directory has for it. An earlier link is replaced. Only the sender of the referral calls it.',
  levels: ['instance'],
  types: ['Task'],
  methods: ['POST'],
  async run(call) {
    const { parts, repository } = call;
    requireScope(repository.actor, 'update', 'Task');
    const stored = await repository.read('Task', call.id ?? '');
    await requireSender(call, stored);
    const sent = await parts.sendLink(stored.id);
    const resource: Parameters = {
      resourceType: 'Parameters',
      parameter: [
        { name: 'link', valueString: sent.id },
        { name: 'sent-to', valueContactPoint: sent.contact },
        { name: 'expires', valueInstant: sent.expires.toISOString() },
      ],
    };
    return { kind: 'resource', resource };
  },
};

/** Who asks by this Task, or by the one that it is part of. */
async function requireSender({ parts, repository }: OperationCall, stored: Stored): Promise<void> {
  const task = stored.resource() as Task;
  const { organization } = repository.actor;
  const hub = createRepository(parts, hubActor(parts));
  const above = task.partOf?.[0]?.reference?.split('/')[1];
  const upstream = above ? ((await hub.read('Task', above)).resource() as Task) : undefined;
  const askers = [task, upstream].flatMap(one => one?.requester?.reference ?? []);
  const asks = stored.source === organization || askers.includes(`Organization/${organization}`);
  if (isReferralTask(task) && asks) return;
  throw new HubError('forbidden', {
    text: 'Only the organization that sent a referral has a link sent for it.',
    expression: 'Task.requester',
  });
}
