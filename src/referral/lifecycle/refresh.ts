import { isDeepStrictEqual } from 'node:util';
import type { Extension, Task } from '@medplum/fhirtypes';
import { extension } from '../../fhir/canonical.ts';
import { accessClockOf } from '../clocks/access-of-referral.ts';
import { climbedOf, heard, isHanded, withClimbed } from '../escalation/climbed.ts';
import { put } from './advance.ts';
import { timesFor } from './due.ts';
import { type Graph, isChild, isFollowed, peersOf, type TaskNode } from './graph.ts';
import { type NextStep, nextStep, nextStepExtension, nextStepOf, type Situation } from './next-step.ts';
import { carried } from './pauses.ts';
import { requestOf } from './referral-task.ts';
import { isTerminal, stateOf } from './state.ts';

/**
 * Writes down anew whose turn it is: on the Tasks below first, for the root follows them, and on the root's siblings
 * that are over or new. Those that are open stand for themselves, and may follow Tasks that are not in the graph.
 */
export function refreshNextSteps(graph: Graph): void {
  const over = graph.rootSiblings.filter(node => isTerminal(node.task) || node.stored === undefined);
  for (const node of [...graph.children, graph.root, ...over]) {
    node.task = afterActing(node, graph);
    node.task = withAccessClock(graph, node);
    node.task = withNextStep(node.task, stepFor(graph, node));
  }
}

/** By when the person has to be seen, where the program says so. */
function withAccessClock(graph: Graph, { task, target }: TaskNode): Task {
  const { requests, organizations, rules, now } = graph;
  const request = requests.get(requestOf(task) ?? '')?.request;
  const timeZone = organizations.get(target ?? '')?.timeZone;
  const times = timesFor(rules, { organization: target, timeZone });
  const clock = isTerminal(task) ? undefined : accessClockOf(task, request, times, now);
  if (!clock) return task;
  const others = (task.extension ?? []).filter(({ url }) => url !== extension.accessClock);
  return withExtensions(task, [...others, clock]);
}

/** Somebody has acted: who was told that they had not is told no more, and the turn goes back. */
function afterActing({ stored, task }: TaskNode, { hub, recount }: Graph): Task {
  if (climbedOf(task).length === 0) return task;
  const acted = recount || restarts(stored, task) || (stored && isHanded(stored) && heard(stored, task, hub));
  return acted ? withExtensions(task, withClimbed(task, [])) : task;
}

/** The Task with this next step, or without any; rungs climbed for another are forgotten. */
export function withNextStep(task: Task, step: NextStep | undefined): Task {
  const others = withClimbed(task, climbedOf(task).filter(concerns)).filter(
    one => one.url !== extension.nextStep,
  );
  return withExtensions(task, step ? [...others, nextStepExtension(step)] : others);

  function concerns({ action, due }: { action: string; due: string }): boolean {
    return step !== undefined && (step.action === 'decide' || (step.action === action && step.due === due));
  }
}

function withExtensions(task: Task, extensions: Extension[]): Task {
  const result = { ...task };
  put(result, 'extension', extensions);
  return result;
}

function stepFor(graph: Graph, node: TaskNode): NextStep | undefined {
  const { now, rules, hub, root } = graph;
  const child = isChild(graph, node);
  const situation: Situation = {
    task: node.task,
    request: graph.requests.get(requestOf(node.task) ?? '')?.request,
    siblings: peersOf(graph, node).map(one => one.task),
    children: node === root && isFollowed(graph, node) ? graph.children.map(one => one.task) : [],
    source: node.source,
    target: node.target,
    asker: child ? root.source : node.source,
    isChild: child,
    hub,
    timeZones: timeZonesOf(graph),
  };
  const step = nextStep(situation, now, rules);
  const stands = node.stored && nextStepOf(node.stored);
  // What follows the Tasks below has their due time, which they keep themselves.
  if (!step || (situation.children.some(one => !isTerminal(one)) && step.action !== 'offer-next'))
    return step;
  const same = stands && stands.turn === step.turn && stands.action === step.action;
  if (same && !graph.recount && !restarts(node.stored, node.task)) return stands;
  return carried(step, graph.recount ? undefined : stands, situation, { now, rules });
}

const timeZonesOf = ({ organizations }: Graph): ReadonlyMap<string, string> =>
  new Map([...organizations].flatMap(([id, { timeZone }]) => (timeZone ? [[id, timeZone]] : [])));

/** A note does not move a due time; a change of what the due time rests on does. */
function restarts(before: Task | undefined, after: Task): boolean {
  if (!before) return true;
  const [was, is] = [stateOf(before), stateOf(after)];
  if (was.status !== is.status || was.step !== is.step) return true;
  const grounds = ['executionPeriod', 'restriction', 'priority', 'owner'] as const;
  return grounds.some(element => !isDeepStrictEqual(before[element], after[element]));
}
