import { noMaterial } from '../../care/case-start/material.ts';
import type { WriteOperation } from '../../fhir/repository.ts';
import { standingFrom } from '../standing/acceptance.ts';
import { closureOf, follow, type Standing, stands } from '../standing/follow.ts';
import { draftCreation, draftForAdvised } from '../working/advised.ts';
import { allNodes, cause, type Graph, isChild, isFollowed, peersOf, type TaskNode } from './graph.ts';
import { requestUpdates, taskUpdates } from './operations.ts';
import { closeBelow, passAdditions, passCancellationRequest, tellToStop } from './pass-down.ts';
import type { ReferralEvent } from './possible.ts';
import { hubReason } from './reasons.ts';
import { requestOf } from './referral-task.ts';
import { refreshNextSteps } from './refresh.ts';
import { followBelow, tellAbove } from './roll-up.ts';
import { isOffered, isTerminal, isWorking } from './state.ts';
import { hubNote } from './words.ts';

/**
 * Everything that follows from what happened to `graph.main`, whole: the offers that fall, the Tasks below and
 * above, the requests, what stands at the receiver, and whose turn it is on all of them. Changes the graph it is
 * given, and returns what to write beside the main Task.
 */
export function consequences(graph: Graph, event: ReferralEvent): WriteOperation[] {
  const { main, root } = graph;
  if (event.event === 'accept' || event.event === 'claim') withdrawOffers(graph);
  if (main === root && isFollowed(graph, root)) {
    passAdditions(graph);
    if (event.event === 'request-cancellation') passCancellationRequest(graph);
  } else if (event.event === 'cancel-under-way') tellToStop(graph, main);
  if (event.event === 'late-outcome' && main === root) tellLateOutcome(graph);
  if (isChild(graph, main) && !isTerminal(root.task)) followBelow(graph, main);
  if (isFollowed(graph, root) && isTerminal(root.task)) closeBelow(graph);
  for (const child of graph.children) tellAbove(graph, child);
  settleRequest(graph, event);
  const standing = standings(graph);
  const draft = draftForAdvised(graph);
  refreshNextSteps(graph);
  const others = allNodes(graph).filter(node => node !== main);
  const drafts = draft ? [draftCreation(draft)] : [];
  return [...taskUpdates(others), ...requestUpdates(graph), ...standing, ...drafts];
}

/** The first acceptance wins: the others are no longer asked. */
function withdrawOffers(graph: Graph): void {
  for (const peer of peersOf(graph, graph.main).filter(one => isOffered(one.task))) {
    cause(graph, peer, 'withdraw-offer', { with: { statusReason: hubReason('another-accepted') } });
  }
}

function tellLateOutcome(graph: Graph): void {
  const { main } = graph;
  const note = hubNote(graph, 'An outcome has arrived after the cancellation: see the outputs of this Task.');
  cause(graph, main, 'edit', { with: { note: [...(main.task.note ?? []), note] } });
}

/** Sending makes the request active; an error in the only Task is an error in the request. */
function settleRequest(graph: Graph, { request: effect }: ReferralEvent): void {
  const { main, root, rootSiblings } = graph;
  const node = graph.requests.get(requestOf(main.task) ?? '');
  if (!node) return;
  if (effect === 'active' && node.request.status === 'draft')
    node.request = { ...node.request, status: 'active' };
  const alone = main === root && rootSiblings.every(one => one.task.status === 'entered-in-error');
  if (effect === 'entered-in-error' && alone) node.request = { ...node.request, status: 'entered-in-error' };
}

function standings(graph: Graph): WriteOperation[] {
  return [...graph.children, graph.root, ...graph.rootSiblings].flatMap(node =>
    node.events.flatMap(({ event, before }) =>
      before && isWorking(before) ? follows(graph, node, event) : begins(graph, node, event),
    ),
  );
}

function begins(graph: Graph, node: TaskNode, { event }: ReferralEvent): WriteOperation[] {
  const { target, task } = node;
  const request = graph.requests.get(requestOf(task) ?? '')?.request;
  const treats = target !== graph.hub && graph.organizations.get(target ?? '')?.treats;
  if ((event !== 'accept' && event !== 'claim') || !target || !treats || !request) return [];
  // The same center has accepted this request before, and has gone on: nothing begins anew.
  if (standingsOf(graph, node).some(stands)) return [];
  const planner = graph.root.task.requester;
  const material = graph.materials.get(requestOf(task) ?? '') ?? noMaterial;
  return standingFrom({ task, request, target, planner, material, now: graph.now });
}

function follows(graph: Graph, node: TaskNode, { event }: ReferralEvent): WriteOperation[] {
  const closure = closureOf(node.task.statusReason);
  return standingsOf(graph, node).flatMap(one => follow(one, event, closure, graph.now));
}

const standingsOf = (graph: Graph, node: TaskNode): Standing[] =>
  graph.standings.filter(one => one.organization === node.target && one.request === requestOf(node.task));
