import { isDeepStrictEqual } from 'node:util';
import type { Task } from '@medplum/fhirtypes';
import { extension } from '../../fhir/canonical.ts';
import { put } from './advance.ts';
import { type Graph, isChild, isFollowed, peersOf, type TaskNode } from './graph.ts';
import { type NextStep, nextStep, nextStepExtension, nextStepOf } from './next-step.ts';
import { requestOf } from './referral-task.ts';
import { isTerminal, stateOf } from './state.ts';

/**
 * Writes down anew whose turn it is: on the Tasks below first, for the root follows them, and on the root's siblings
 * that are over. Those that are open stand for themselves, and may follow Tasks that are not in the graph.
 */
export function refreshNextSteps(graph: Graph): void {
  const over = graph.rootSiblings.filter(node => isTerminal(node.task));
  for (const node of [...graph.children, graph.root, ...over]) {
    node.task = withNextStep(node.task, stepFor(graph, node));
  }
}

/** The Task with this next step, or without any. */
export function withNextStep(task: Task, step: NextStep | undefined): Task {
  const others = (task.extension ?? []).filter(one => one.url !== extension.nextStep);
  const result = { ...task };
  put(result, 'extension', step ? [...others, nextStepExtension(step)] : others);
  return result;
}

function stepFor(graph: Graph, node: TaskNode): NextStep | undefined {
  const { now, rules, hub, root } = graph;
  const child = isChild(graph, node);
  const situation = {
    task: node.task,
    request: graph.requests.get(requestOf(node.task) ?? '')?.request,
    siblings: peersOf(graph, node).map(one => one.task),
    children: node === root && isFollowed(graph, node) ? graph.children.map(one => one.task) : [],
    source: node.source,
    target: node.target,
    asker: child ? root.source : node.source,
    isChild: child,
    hub,
  };
  const step = nextStep(situation, now, rules);
  const stands = node.stored && nextStepOf(node.stored);
  const same = stands && step && stands.turn === step.turn && stands.action === step.action;
  // What follows the Tasks below has their due time, which they keep themselves.
  const follows = situation.children.length > 0 && step?.action !== 'offer-next';
  return same && !follows && !graph.recount && !restarts(node.stored, node.task) ? stands : step;
}

/** A note does not move a due time; a change of what the due time rests on does. */
function restarts(before: Task | undefined, after: Task): boolean {
  if (!before) return true;
  const [was, is] = [stateOf(before), stateOf(after)];
  if (was.status !== is.status || was.step !== is.step) return true;
  const grounds = ['executionPeriod', 'restriction', 'priority', 'owner'] as const;
  return grounds.some(element => !isDeepStrictEqual(before[element], after[element]));
}
