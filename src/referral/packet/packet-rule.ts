import { isDeepStrictEqual } from 'node:util';
import type { HealthcareService, ServiceRequest, Task } from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import type { Change, RuleContext, RuleResult, WriteRule } from '../../fhir/write/rules.ts';
import { isReferralTask, requestOf } from '../lifecycle/referral-task.ts';
import { attachedTo, readAttached, servicesMeant, servicesNamed } from './attached.ts';
import { checkPacket, type Material } from './check.ts';
import { type Gap, gapsAtSending, gapsOf, refusalsOf, settledGaps, withGaps } from './gaps.ts';
import { needsOf } from './needs.ts';

/**
 * A referral is sent with what its receiver needs, or with a reason for each thing that is missing; the receiver
 * reads both on the Task. What the hub asks in another's name is never held up: it goes with the sender's reasons.
 */
export const packetRule: WriteRule = {
  types: ['Task'],
  async apply({ before, after, actor }: Change, context: RuleContext): Promise<RuleResult> {
    const task = after as Task | undefined;
    if (!task || actor.importing || !isReferralTask(task) || task.status === 'draft') return {};
    const was = before as Task | undefined;
    const fresh = !was || was.status === 'draft';
    const asks = task.status === 'requested' || task.status === 'received';
    if (fresh) return asks ? sending(task, context, actor.organization === context.hubOrganization) : {};
    return changed(was, task, context);
  },
};

async function sending(task: Task, context: RuleContext, byHub: boolean): Promise<RuleResult> {
  const request = await context.get<ServiceRequest>(requestOf(task) ?? '');
  if (!request) return {};
  const services = await servicesAsked(task, request, context);
  const needs = needsOf(services);
  const given = [...gapsOf(task), ...(await gapsAbove(task, context))];
  if (!needs.length) {
    // Who is asked is not known yet: reasons that were given beforehand go on to whoever it will be.
    const reasons = gapsOf(task).map(({ extension }) => extension);
    return { after: withGaps(task, reasons) };
  }
  const sent = { checked: checkPacket(needs, await materialOf(task, request, context)), given };
  const refusals = byHub ? [] : refusalsOf(sent);
  if (refusals.length) throw new HubError('unprocessable', refusals);
  return { after: withGaps(task, gapsAtSending(sent)) };
}

/** What was missing stays said, whoever writes the Task; what was added is marked. */
async function changed(was: Task, task: Task, context: RuleContext): Promise<RuleResult> {
  const gaps = gapsOf(was);
  if (!gaps.length && !gapsOf(task).length) return {};
  const request = await context.get<ServiceRequest>(requestOf(task) ?? '');
  const settled = request
    ? settledGaps(gaps, await materialOf(task, request, context))
    : gaps.map(({ extension }) => extension);
  const after = withGaps(task, settled);
  return isDeepStrictEqual(after, task) ? {} : { after };
}

async function servicesAsked(
  task: Task,
  request: ServiceRequest,
  context: RuleContext,
): Promise<HealthcareService[]> {
  const named = servicesNamed(request, [task]);
  const services = await Promise.all(named.map(one => context.get<HealthcareService>(one)));
  const target = await context.organizationOf(task.owner?.reference);
  const own = await ofOrganization(services, target, context);
  if (own.length || !target || target === context.hubOrganization) return own;
  const offered = await context.referring<HealthcareService>(
    'HealthcareService',
    'organization',
    `Organization/${target}`,
  );
  return servicesMeant(request, offered);
}

/** Of the services named only those of who is asked: a wish for one does not bind another. */
async function ofOrganization(
  services: readonly (HealthcareService | undefined)[],
  target: string | undefined,
  context: RuleContext,
): Promise<HealthcareService[]> {
  const found = services.filter(one => one !== undefined);
  const owners = await Promise.all(found.map(one => context.organizationOf(one.providedBy?.reference)));
  return found.filter((_, index) => target !== undefined && owners[index] === target);
}

async function gapsAbove(task: Task, context: RuleContext): Promise<Gap[]> {
  const above = await Promise.all((task.partOf ?? []).map(one => context.get<Task>(one.reference ?? '')));
  return above.flatMap(gapsOf);
}

async function materialOf(task: Task, request: ServiceRequest, context: RuleContext): Promise<Material> {
  const { found } = await readAttached(attachedTo(request, [task]), reference => context.get(reference));
  return {
    patient: request.subject.reference ?? '',
    attached: withRequest(found, request),
    now: context.now,
  };
}

/** A request that is created by the same write has no id yet. */
const withRequest = (found: Material['attached'], request: ServiceRequest): Material['attached'] =>
  found.some(one => one.resourceType === 'ServiceRequest') ? found : [request, ...found];
