import type { ServiceRequest, Task } from '@medplum/fhirtypes';
import type { Actor } from '../../access/actor.ts';
import type { Decision } from '../../access/consent/question.ts';
import { labelMask } from '../../access/labels.ts';
import { HubError } from '../../errors.ts';
import { isReferralTask } from '../../referral/lifecycle/referral-task.ts';
import type { Parts } from '../parts.ts';
import { atOperation } from './at-operation.ts';
import { consentsOf } from './consents.ts';
import { type Carried, deniedTo } from './denied.ts';
import type { Item } from './item.ts';
import { writes } from './item.ts';
import { organizationOf } from './organizations.ts';
import type { World } from './world.ts';

const live: readonly string[] = ['requested', 'received', 'accepted', 'in-progress', 'on-hold'];

/**
 * A referral that who is asked may not see would wait for an answer for ever: its sender is told at once, and
 * what to do. History is taken as it is; a request sent to the hub comes back from the hub itself.
 */
export async function refuseUnseen(world: World, env: { parts: Parts; actor: Actor }): Promise<void> {
  if (env.actor.kind !== 'client' && env.actor.kind !== 'person') return;
  if (env.actor.importing) return;
  for (const item of world.items) {
    if (item.type !== 'Task' || item.index === undefined || !item.after || !writes(item)) continue;
    await atOperation(item.index, () => refuseUnseenTask(item, item.after as Task, world, env));
  }
}

async function refuseUnseenTask(
  item: Item,
  task: Task,
  world: World,
  { parts, actor }: { parts: Parts; actor: Actor },
): Promise<void> {
  if (!isReferralTask(task) || !live.includes(task.status) || !task.owner) return;
  const target = await organizationOf(world, task.owner.reference);
  if (!target || target === item.source) return;
  const before = item.before as Task | undefined;
  const sends = !before || before.status === 'draft' || before.owner?.reference !== task.owner.reference;
  const fresh = labelMask(task) & ~(sends || !before ? 0 : labelMask(before));
  const asksDirectly = sends && target !== parts.hubOrganization && actor.organization === item.source;
  const request = asksDirectly ? await requestOf(task, world) : undefined;
  const carried = fresh | (request ? labelMask(request) : 0);
  if (carried === 0) return;
  const patient = task.for?.reference?.split('/')[1];
  if (!patient) return;
  const discloser = item.located?.origin ?? item.source;
  const denied = await refused(target, { labels: carried, patient, discloser }, { world, parts });
  if (denied.length) throw notSeen(denied, fresh ? 'Task' : 'Task.focus', target);
}

const requestOf = async (task: Task, world: World): Promise<ServiceRequest | undefined> =>
  (await world.get(task.focus?.reference ?? '')) as ServiceRequest | undefined;

/** In words only what the sender itself has recorded: of others' consents it may not know. */
async function refused(
  target: string,
  carried: Carried,
  env: { world: World; parts: Parts },
): Promise<Decision[]> {
  const consents = await consentsOf(carried.patient, env.world, env.parts);
  const denied = await deniedTo(target, carried, consents, env);
  if (denied.length === 0) return [];
  const own = consents.filter(({ recorder }) => recorder === carried.discloser);
  const told = await deniedTo(target, carried, own, env);
  const another = 'A consent that another keeps denies it.';
  return denied.map(one => told.find(({ label }) => label === one.label) ?? { ...one, because: another });
}

function notSeen(denied: readonly Decision[], expression: string, target: string): HubError {
  const labels = denied.map(({ label }) => label).join(', ');
  const why = [...new Set(denied.map(({ because }) => because))].join(' ');
  return new HubError('unprocessable', {
    text: `Organization/${target} may not see what it is asked: ${expression} carries ${labels}. ${why} Record a Consent that names it as recipient, or leave out what is sensitive, and send again.`,
    expression,
    code: 'suppressed',
  });
}
