import type { Appointment, Communication, Reference, Task } from '@medplum/fhirtypes';
import { ofCorrespondence, type TaskParties } from '../../access/correspondence.ts';
import type { Relationships } from '../../access/relationships.ts';
import { isReferralTask } from '../../referral/lifecycle/referral-task.ts';
import type { Parts } from '../parts.ts';
import { type Item, keyOf } from './item.ts';
import { organizationOf } from './organizations.ts';
import type { World } from './world.ts';

/** Who sees a message or a visit because it is about a referral; undefined where it is about none. */
export async function correspondenceOf(
  resource: Communication | Appointment,
  item: Item,
  world: World,
  { hubOrganization: hub }: Parts,
): Promise<Relationships | undefined> {
  const tasks = await tasksOf(resource, world);
  if (!tasks.length) return undefined;
  return ofCorrespondence({
    self: keyOf(item),
    author: item.source,
    tasks: await Promise.all(tasks.map(task => partiesOf(task, world))),
    recipients: await recipientsOf(resource, world),
    hub,
  });
}

/** The referral Tasks it names; where it names a request alone, those that ask for it. */
async function tasksOf(resource: Communication | Appointment, world: World): Promise<Task[]> {
  const about =
    resource.resourceType === 'Communication'
      ? [...(resource.basedOn ?? []), ...(resource.about ?? [])]
      : [...(resource.basedOn ?? []), ...(resource.supportingInformation ?? [])];
  const named = await Promise.all(literals(about, 'Task').map(one => world.get(one)));
  const found = named.length
    ? named
    : (
        await Promise.all(literals(about, 'ServiceRequest').map(one => world.referring('Task', 'focus', one)))
      ).flat();
  return found.filter((one): one is Task => one?.resourceType === 'Task').filter(isReferralTask);
}

const literals = (references: readonly Reference[], type: string): string[] =>
  references.flatMap(({ reference }) => (reference?.startsWith(`${type}/`) ? [reference] : []));

async function partiesOf(task: Task, world: World): Promise<TaskParties> {
  const above = task.partOf?.[0]?.reference;
  const parent = above ? ((await world.get(above)) as Task | undefined) : undefined;
  return {
    source: await organizationOf(world, task.requester?.reference),
    upstream: await organizationOf(world, parent?.requester?.reference),
    target: task.status === 'draft' ? undefined : await organizationOf(world, task.owner?.reference),
  };
}

/** Of a message. Those that are no organization (the person themselves) narrow nothing. */
async function recipientsOf(resource: Communication | Appointment, world: World): Promise<string[]> {
  const named = resource.resourceType === 'Communication' ? (resource.recipient ?? []) : [];
  const found = await Promise.all(named.map(one => organizationOf(world, one.reference)));
  return found.filter(org => org !== undefined);
}
