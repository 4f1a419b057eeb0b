import type { ServiceRequest, Task } from '@medplum/fhirtypes';
import type { CaseMaterial } from '../../care/case-start/material.ts';
import type { Standing } from '../standing/follow.ts';
import { advance } from './advance.ts';
import type { DueRules } from './due.ts';
import type { ReferralEvent } from './possible.ts';
import { stateOf } from './state.ts';
import type { StepCode } from './steps.ts';
import { type EventName, transitionOf } from './table.ts';
import { fits } from './transition.ts';

/** One Task of a referral while the consequences of a write are decided. `task` is replaced, never changed. */
export interface TaskNode {
  /** As it is without this write; absent for a new Task. */
  stored: Task | undefined;
  task: Task;
  /** Organizations (ids) that the requester and the owner stand for. */
  source: string;
  target: string | undefined;
  /** What happened to it in this write, in order. */
  events: { event: ReferralEvent; before: Task | undefined }[];
}

export interface RequestNode {
  stored: ServiceRequest;
  request: ServiceRequest;
  /** Organization id of its requester, where it names one. */
  owner: string | undefined;
}

/**
 * Everything that one write to a referral Task can touch: the sender's Task (`root`), the sender's other Tasks for
 * the same request, and the Tasks that the hub made below the root. `main` is the Task that is written.
 */
export interface Graph {
  main: TaskNode;
  root: TaskNode;
  rootSiblings: TaskNode[];
  children: TaskNode[];
  /** ServiceRequests by reference. */
  requests: Map<string, RequestNode>;
  organizations: Map<string, { name: string | undefined; treats: boolean; timeZone?: string | undefined }>;
  /** What stands at the receivers because of these Tasks. */
  standings: Standing[];
  /** What the packets hold for a case that begins now, by the reference of the request. */
  materials: Map<string, CaseMaterial>;
  hub: string;
  now: Date;
  rules: DueRules;
  /** Due times count from now on, whatever they were: their grounds have changed. */
  recount?: boolean;
}

export const allNodes = (graph: Graph): TaskNode[] => [graph.root, ...graph.rootSiblings, ...graph.children];

export const isChild = (graph: Graph, node: TaskNode): boolean => graph.children.includes(node);

/** The Tasks that ask others for the same thing. */
export const peersOf = (graph: Graph, node: TaskNode): TaskNode[] =>
  (isChild(graph, node) ? graph.children : [graph.root, ...graph.rootSiblings]).filter(one => one !== node);

/** Whether the hub itself is the receiver: then the Task follows the Tasks below it. */
export const isFollowed = (graph: Graph, node: TaskNode): boolean => node.target === graph.hub;

/** An event that the hub causes, as one of the parties it is. It must be one of the table's. */
export function cause(
  graph: Graph,
  node: TaskNode,
  name: EventName,
  change: { with?: Partial<Task>; mirrored?: Task; bySource?: boolean } = {},
): void {
  const event = transitionOf(name);
  if (name !== 'edit' && !fits(event, stateOf(node.task))) {
    throw new Error(`the hub cannot ${name} a Task that is ${node.task.status}`);
  }
  const before = node.task;
  const mirrored: StepCode | undefined = change.mirrored && stateOf(change.mirrored).step;
  node.task = advance({
    before,
    after: { ...before, ...change.with },
    transition: event,
    given: change.mirrored?.businessStatus,
    mirrored,
    bySource: change.bySource,
    now: graph.now,
  });
  node.events.push({ event, before });
}
