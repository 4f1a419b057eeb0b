import type { ServiceRequest, Task } from '@medplum/fhirtypes';
import type { Actor } from '../../access/actor.ts';
import { HubError } from '../../errors.ts';
import type { Change, RuleContext, RuleResult, WriteRule } from '../../fhir/write/rules.ts';
import { concernsStanding } from '../standing/follow.ts';
import { advance } from './advance.ts';
import { requireLinkEvent } from './by-link.ts';
import { classify } from './classify.ts';
import { consequences } from './consequences.ts';
import type { DueRules } from './due.ts';
import { mergeElements } from './elements.ts';
import { gather, gatherStandings } from './gather.ts';
import { allNodes, type Graph, isFollowed, peersOf } from './graph.ts';
import { mergeNotes } from './notes.ts';
import { taskUpdates } from './operations.ts';
import { withOutputsBelow } from './outputs-below.ts';
import { askerOf, authorOf, partiesOf, sourceOf } from './parties.ts';
import type { ReferralEvent } from './possible.ts';
import { isReferralTask, parentOf, requestOf } from './referral-task.ts';
import { refreshNextSteps } from './refresh.ts';
import { releaseVisits } from './release-visits.ts';
import { checkSending } from './sending.ts';
import { isWorking, stateOf } from './state.ts';

/** The lifecycle of referral Tasks: each write is an event of the table, with all that follows from it. */
export const taskRule = (rules: DueRules): WriteRule => ({
  types: ['Task'],
  async apply(change: Change, context: RuleContext): Promise<RuleResult> {
    const before = change.before as Task | undefined;
    const after = change.after as Task | undefined;
    const [was, is] = [before, after].map(task => task !== undefined && isReferralTask(task));
    if (!was && !is) return {};
    if (!after) return removed(before as Task, change.actor, context, rules);
    if (change.actor.importing) return imported(before, after, change.actor, context, rules);
    if (before && !was) throw becameReferral();
    return moved(before, after, change.actor, context, rules);
  },
});

async function moved(
  before: Task | undefined,
  sent: Task,
  actor: Actor,
  context: RuleContext,
  rules: DueRules,
): Promise<RuleResult> {
  const written = before
    ? await withOutputsBelow(before, sent, context)
    : await completed(sent, actor, context);
  const request = await context.get<ServiceRequest>(requestOf(before ?? written) ?? '');
  const source = await sourceOf(before ?? written, request, context, context.hubOrganization);
  const target = await context.organizationOf((before ?? written).owner?.reference);
  const parties = await partiesOf(before ?? written, { source, target }, actor, context);
  const { transition, given } = classify({ before, after: written, parties });
  requireLinkEvent(actor, transition.event);
  const { author, organizationOf } = await authorOf([...(before ? [before] : []), written], actor, context);
  const merged = before
    ? mergeElements(before, written, transition, { parties, author, organizationOf }, context.now)
    : withSignedNotes(written);
  // On what it asks in a sender's name the hub reminds and explains; the sender's answers come from above.
  const bySource = parties.has('source') && !(parties.has('hub') && parentOf(before ?? written));
  const after = advance({ before, after: merged, transition, given, bySource, now: context.now });
  const graph = await gather({ before, after, sent }, context, { rules, source });
  graph.main.events.push({ event: transition, before });
  await check(graph, transition, context);
  if (concernsStanding(transition.event)) await gatherStandings(graph, context);
  const also = consequences(graph, transition);
  return { after: graph.main.task, also: [...also, ...(await releaseVisits(graph, context))] };

  function withSignedNotes(task: Task): Task {
    const note = mergeNotes([], task.note, author, context.now, { editable: true });
    return note.length ? { ...task, note } : task;
  }
}

/** A new Task with what goes without saying: who asks, for whom, when. */
async function completed(task: Task, actor: Actor, context: RuleContext): Promise<Task> {
  const request = await context.get<ServiceRequest>(requestOf(task) ?? '');
  const complete: Task = {
    ...task,
    requester: task.requester ?? { reference: `Organization/${actor.organization}` },
    authoredOn: task.authoredOn ?? context.now.toISOString(),
  };
  if (!(await askerOf(complete.requester, context)) && !(await askerOf(request?.requester, context)))
    throw unknownSender();
  const patient = task.for ?? request?.subject;
  return patient ? { ...complete, for: patient as NonNullable<Task['for']> } : complete;
}

async function check(graph: Graph, transition: ReferralEvent, context: RuleContext): Promise<void> {
  const { main, root, children } = graph;
  const fresh = main.stored === undefined || stateOf(main.stored).status === 'draft';
  if (fresh && transition.event !== 'mark-error') await checkSending(graph, transition.event, context);
  const givesUp = ['decline', 'fail', 'withdraw'].includes(transition.event);
  const working = children.find(one => isWorking(one.task));
  if (main === root && isFollowed(graph, root) && givesUp && working) {
    throw new HubError('unprocessable', {
      text: `Task/${working.task.id} below is at work on this referral: it follows from that Task, and cannot end by itself.`,
      expression: 'Task.status',
    });
  }
  if (transition.event === 'accept' || transition.event === 'claim') refuseSecond(graph);
}

function refuseSecond(graph: Graph): void {
  const winner = peersOf(graph, graph.main).find(one => isWorking(one.task));
  if (!winner) return;
  throw new HubError('unprocessable', {
    text: 'Another organization has accepted this referral already.',
    expression: 'Task.status',
  });
}

/** History is taken as given; only whose turn it is now is added. */
async function imported(
  before: Task | undefined,
  after: Task,
  actor: Actor,
  context: RuleContext,
  rules: DueRules,
): Promise<RuleResult> {
  if (!isReferralTask(after)) return {};
  const graph = await gather({ before, after, sent: after }, context, { rules, source: actor.organization });
  refreshNextSteps(graph);
  return { after: graph.main.task };
}

/** A draft may be thrown away; what was sent is part of somebody's record. */
async function removed(
  before: Task,
  actor: Actor,
  context: RuleContext,
  rules: DueRules,
): Promise<RuleResult> {
  const { status } = stateOf(before);
  if (!actor.importing && status !== 'draft' && status !== 'entered-in-error') {
    throw new HubError('unprocessable', {
      text: `A referral that was sent is not deleted (this one is ${status}): cancel it, or set Task.status to entered-in-error.`,
      expression: 'Task.status',
    });
  }
  const gone: Task = { ...before, status: 'entered-in-error' };
  const options = { rules, source: actor.organization };
  const graph = await gather({ before, after: gone, sent: gone }, context, options);
  refreshNextSteps(graph);
  const also = taskUpdates(allNodes(graph).filter(node => node !== graph.main));
  return { also };
}

const unknownSender = (): HubError =>
  new HubError('unprocessable', {
    text: 'Task.requester must say which organization asks: an Organization, or a PractitionerRole of one.',
    expression: 'Task.requester',
  });

const becameReferral = (): HubError =>
  new HubError('unprocessable', {
    text: 'A Task does not become a referral later: create a new Task with code fulfill and the ServiceRequest as its focus.',
    expression: 'Task.code',
  });
