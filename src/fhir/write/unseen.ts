import type { Organization, ServiceRequest, Task } from '@medplum/fhirtypes';
import type { Actor } from '../../access/actor.ts';
import { evaluate } from '../../access/consent/evaluate.ts';
import { hubPurpose } from '../../access/consent/policy.ts';
import type { Decision } from '../../access/consent/question.ts';
import { labelMask, labelsIn, maskOf } from '../../access/labels.ts';
import { HubError } from '../../errors.ts';
import { isReferralTask } from '../../referral/lifecycle/referral-task.ts';
import { isTreatingProvider } from '../../referral/treating-provider.ts';
import type { Parts } from '../parts.ts';
import { atOperation } from './at-operation.ts';
import { consentsOf } from './consents.ts';
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
  const denied = await deniedTo(
    target,
    { carried, patient, discloser: item.located?.origin ?? item.source },
    world,
    parts,
  );
  if (denied.length) throw notSeen(denied, fresh ? 'Task' : 'Task.focus', target);
}

const requestOf = async (task: Task, world: World): Promise<ServiceRequest | undefined> =>
  (await world.get(task.focus?.reference ?? '')) as ServiceRequest | undefined;

async function deniedTo(
  target: string,
  of: { carried: number; patient: string; discloser: string },
  world: World,
  parts: Parts,
): Promise<Decision[]> {
  const { carried, patient, discloser } = of;
  const received = target === parts.hubOrganization ? maskOf(parts.privacy.consents.hubReceives) : 0;
  const labels = labelsIn(carried & ~received);
  if (!labels.length) return [];
  const consents = await consentsOf(patient, world, parts);
  const treats = (await isTreating(target, world)) && (await world.opensRecord(patient, target));
  const recipient = { organization: target, treats };
  const now = parts.clock.now().getTime();
  const question = { patient, recipient, discloser, purpose: hubPurpose, labels, now };
  const policy = parts.privacy.consents;
  const denied = evaluate(consents, question, policy).filter(({ decision }) => decision === 'deny');
  // In words only what the sender itself has recorded: of others' consents it may not know.
  const own = consents.filter(({ recorder }) => recorder === discloser);
  return evaluate(own, { ...question, labels: denied.map(({ label }) => label) }, policy).map(words =>
    words.decision === 'deny' ? words : { ...words, because: 'A consent that another keeps denies it.' },
  );
}

async function isTreating(organization: string, world: World): Promise<boolean> {
  const found = (await world.get(`Organization/${organization}`)) as Organization | undefined;
  return found !== undefined && isTreatingProvider(found);
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
