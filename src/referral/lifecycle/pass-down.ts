import { isDeepStrictEqual } from 'node:util';
import type { ServiceRequest } from '@medplum/fhirtypes';
import { isRoutingInput } from '../routing/need.ts';
import { cause, type Graph, type TaskNode } from './graph.ts';
import { hubReason } from './reasons.ts';
import { requestOf } from './referral-task.ts';
import { newNotes } from './roll-up.ts';
import { isOffered, isTerminal, isWorking, stateOf } from './state.ts';
import { hubNote } from './words.ts';

/** The sender asks to cancel: offers end at once, who has accepted is asked; with nobody left the hub confirms. */
export function passCancellationRequest(graph: Graph): void {
  for (const child of graph.children) {
    if (isWorking(child.task) && stateOf(child.task).step !== '5.2')
      cause(graph, child, 'request-cancellation');
    else endBeforeAcceptance(graph, child, true);
  }
  if (graph.children.every(child => isTerminal(child.task))) cause(graph, graph.root, 'confirm-cancellation');
}

/** The sender's Task is over: whatever is still open below ends, and the hub's own requests with it. */
export function closeBelow(graph: Graph): void {
  const { root } = graph;
  const error = root.task.status === 'entered-in-error';
  const bySource = root.task.status === 'cancelled' && stateOf(root.task).step === '6.0';
  for (const child of graph.children) {
    if (isTerminal(child.task)) continue;
    if (error) cause(graph, child, 'mark-error');
    else if (isWorking(child.task)) stop(graph, child);
    else endBeforeAcceptance(graph, child, bySource);
  }
  for (const child of graph.children) closeRequest(graph, child);
}

/** Tells a receiver under way to stop. */
function stop(graph: Graph, child: TaskNode): void {
  cause(graph, child, 'cancel-under-way');
  tellToStop(graph, child);
}

export function tellToStop(graph: Graph, node: TaskNode): void {
  const text =
    'The sender has cancelled this referral: please stop. An outcome that is there already can still be added as an output.';
  cause(graph, node, 'edit', { with: { note: [...(node.task.note ?? []), hubNote(graph, text)] } });
}

function endBeforeAcceptance(graph: Graph, child: TaskNode, bySource: boolean): void {
  if (stateOf(child.task).status === 'draft') cause(graph, child, 'mark-error');
  if (!isOffered(child.task)) return;
  if (bySource) cause(graph, child, 'cancel');
  else cause(graph, child, 'withdraw-offer', { with: { statusReason: hubReason('no-longer-offered') } });
}

const endOf: Partial<Record<string, ServiceRequest['status']>> = {
  completed: 'completed',
  'entered-in-error': 'entered-in-error',
};

/** The request that the hub made of the sender's is the hub's to close. */
function closeRequest(graph: Graph, child: TaskNode): void {
  const reference = requestOf(child.task);
  const node = graph.requests.get(reference ?? '');
  if (!node || reference === requestOf(graph.root.task) || node.owner !== graph.hub) return;
  if (!['draft', 'active', 'on-hold'].includes(node.request.status)) return;
  node.request = { ...node.request, status: endOf[graph.root.task.status] ?? 'revoked' };
}

/** What the sender adds to its Task reaches who works below. */
export function passAdditions(graph: Graph): void {
  const { root, main } = graph;
  const inputs = (main.task.input ?? []).filter(
    one => !isRoutingInput(one) && !main.stored?.input?.some(other => isDeepStrictEqual(one, other)),
  );
  const notes = newNotes(main.task, main.stored, graph.hub);
  if (main !== root || (!inputs.length && !notes.length)) return;
  for (const child of graph.children) {
    if (isTerminal(child.task)) continue;
    cause(graph, child, 'edit', {
      bySource: true,
      with: {
        ...(notes.length ? { note: [...(child.task.note ?? []), ...notes] } : {}),
        ...(inputs.length ? { input: [...(child.task.input ?? []), ...inputs] } : {}),
      },
    });
  }
}
