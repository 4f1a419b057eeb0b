import { isDeepStrictEqual } from 'node:util';
import type { Annotation, Task } from '@medplum/fhirtypes';
import { isHanded } from '../escalation/climbed.ts';
import { cause, type Graph, type TaskNode } from './graph.ts';
import { isTerminal, isWorking, stateOf } from './state.ts';
import { businessStatus } from './steps.ts';
import { hubNote, sentence, silence } from './words.ts';

/** Tells on the sender's own Task what happened below: a note for the step, the receiver's notes and outputs. */
export function tellAbove(graph: Graph, child: TaskNode): void {
  const { root, hub } = graph;
  const said = child.events
    .map(({ event, before }) => sentence(graph, child, event, before))
    .filter(one => one !== undefined)
    .map(text => hubNote(graph, text));
  const heard = newNotes(child.task, child.stored, hub).filter(
    note => !root.task.note?.some(other => isDeepStrictEqual(note, other)),
  );
  const silent = isHanded(child.task) && !(child.stored && isHanded(child.stored));
  const asked = silent ? [hubNote(graph, silence(graph, child))] : [];
  const notes = [...said, ...(child.events.length ? heard : []), ...asked];
  const outputs = (child.task.output ?? []).filter(
    one => !root.task.output?.some(other => isDeepStrictEqual(one, other)),
  );
  if (!notes.length && !outputs.length) return;
  cause(graph, root, 'edit', {
    with: {
      ...(notes.length ? { note: [...(root.task.note ?? []), ...notes] } : {}),
      ...(outputs.length ? { output: [...(root.task.output ?? []), ...outputs] } : {}),
    },
  });
}

/** What somebody wrote on the Task now; the hub's own notes are not told twice. */
export function newNotes(task: Task, before: Task | undefined, hub: string): Annotation[] {
  return (task.note ?? []).filter(
    note =>
      note.authorReference?.reference !== `Organization/${hub}` &&
      !before?.note?.some(other => isDeepStrictEqual(note, other)),
  );
}

/** The status of the sender's Task that follows from the Tasks below. */
export function followBelow(graph: Graph, child: TaskNode): void {
  const { root, children } = graph;
  const done = child.task.status === 'completed';
  if (stateOf(root.task).status === 'requested') {
    if (!done && !isWorking(child.task)) return;
    cause(graph, root, 'accept');
  }
  const leaving = stateOf(root.task).step === '5.2';
  if (done) cause(graph, root, leaving ? 'complete-anyway' : 'complete');
  else if (!leaving) mirror(graph);
  else if (children.every(one => isTerminal(one.task))) cause(graph, root, 'confirm-cancellation');
}

/**
 * In progress once a target has accepted, and it stays so; the business status is that of the Task at work below.
 * Only the sender asks to cancel: where the hub does so below by itself, that is not mirrored.
 */
function mirror(graph: Graph): void {
  const { root, children } = graph;
  const active = children.find(one => isWorking(one.task))?.task;
  if (!active && stateOf(root.task).status === 'accepted') return;
  const mirrored = active && stateOf(active).step !== '5.2' ? active.businessStatus : undefined;
  const below = { ...root.task, businessStatus: mirrored ?? businessStatus('in-progress') };
  const same = isDeepStrictEqual(below.businessStatus, root.task.businessStatus);
  if (same && root.task.status === 'in-progress') return;
  cause(graph, root, 'roll-up', { mirrored: below });
}
