import type { ServiceRequest, Task } from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import { askerOf, partiesOf, sourceOf } from '../../referral/lifecycle/parties.ts';
import { isReferralTask, parentOf, requestOf } from '../../referral/lifecycle/referral-task.ts';
import type { Work } from '../../referral/working/action.ts';
import type { Parts } from '../parts.ts';
import type { Repository } from '../repository.ts';
import { createRuleContext } from '../write/context.ts';
import type { RuleContext } from '../write/rules.ts';
import { createWorld, internal } from '../write/world.ts';

type StoredTask = Task & { id: string };

/** A referral Task that the actor can read, with all that decides what it may do with it. */
export async function referralWork(parts: Parts, repository: Repository, id: string): Promise<Work> {
  const { actor } = repository;
  const task = (await repository.read('Task', id)).resource() as StoredTask;
  if (!isReferralTask(task)) throw notAReferral();
  const world = createWorld(parts);
  const context = createRuleContext(world, parts, actor);
  const request = await context.get<ServiceRequest>(requestOf(task) ?? '');
  const hub = parts.hubOrganization;
  const source = await sourceOf(task, request, context, hub);
  const target = await context.organizationOf(task.owner?.reference);
  const about: Work['about'] = async (type, parameter, reference) =>
    (await context.referring(type, parameter, reference)) as never;
  return {
    task,
    request,
    parties: await partiesOf(task, { source, target }, actor, context),
    organization: actor.organization,
    source,
    target,
    asker: await askerAbove(task, source, context),
    children: target === hub ? await childrenOf(task, context) : [],
    hub,
    now: context.now,
    read: reference => context.get(reference),
    about,
    async own(type, parameter, reference) {
      const found = await about(type, parameter, reference);
      const located = await world.locate(
        found.map(one => `${type}/${one.id}`),
        internal(parts),
      );
      return found.filter(one => located.get(`${type}/${one.id}`)?.source === actor.organization) as never;
    },
    organizationOf: reference => context.organizationOf(reference),
  };
}

async function childrenOf(task: StoredTask, context: RuleContext): Promise<StoredTask[]> {
  const below = await context.referring<Task>('Task', 'part-of', `Task/${task.id}`);
  return below.filter(isReferralTask).flatMap(one => (one.id ? [{ ...one, id: one.id }] : []));
}

/** Where the hub asks in somebody's name, it is they who answer questions. */
async function askerAbove(task: Task, source: string, context: RuleContext): Promise<string> {
  const parent = source === context.hubOrganization ? parentOf(task) : undefined;
  const above = parent ? await context.get<Task>(parent) : undefined;
  return (above && (await askerOf(above.requester, context))) ?? source;
}

const notAReferral = (): HubError =>
  new HubError('unprocessable', {
    text: 'This Task is no referral: a referral has the code fulfill and a ServiceRequest as its focus.',
    expression: 'Task.code',
  });
