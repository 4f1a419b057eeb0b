import type { Task } from '@medplum/fhirtypes';
import type { WriteOperation } from '../../fhir/repository.ts';
import { type Graph, isChild, peersOf, type TaskNode } from '../lifecycle/graph.ts';
import { requestOf } from '../lifecycle/referral-task.ts';
import { isTerminal, isWorking } from '../lifecycle/state.ts';
import { hubNote } from '../lifecycle/words.ts';
import { redirectedTo } from './outputs.ts';

/**
 * Who declines, or gives back, may name who should be asked instead. The sender decides: a draft of its own for that
 * organization lies ready to be sent, and until then nothing of the person is shown there. Below a Task of the
 * hub's, routing heeds the advice by itself.
 */
export function draftForAdvised(graph: Graph): TaskNode | undefined {
  const { main, hub } = graph;
  const known = main.stored ? redirectedTo(main.stored) : [];
  const [advised] = redirectedTo(main.task).filter(id => !known.includes(id));
  const over = main.stored && !isTerminal(main.stored) && isTerminal(main.task);
  const own = !isChild(graph, main) && main.source !== hub && main.target !== hub;
  if (!advised || !over || !own || advised === main.source || advised === hub) return undefined;
  const request = graph.requests.get(requestOf(main.task) ?? '')?.request;
  if (request?.status !== 'active') return undefined;
  const others = peersOf(graph, main).filter(one => !isTerminal(one.task));
  if (others.some(one => isWorking(one.task) || one.target === advised)) return undefined;
  const node = {
    stored: undefined,
    task: draftOf(graph, advised),
    source: main.source,
    target: advised,
    events: [],
  };
  graph.rootSiblings.push(node);
  return node;
}

/** What is carried over from the Task that was answered. */
const carried = [
  'priority',
  'code',
  'description',
  'focus',
  'for',
  'requester',
  'reasonCode',
  'reasonReference',
  'insurance',
  'input',
] as const;

function draftOf(graph: Graph, advised: string): Task {
  const { task } = graph.main;
  const taken = carried.flatMap(element => (task[element] === undefined ? [] : [[element, task[element]]]));
  const name = graph.organizations.get(graph.main.target ?? '')?.name ?? 'The organization asked';
  return {
    resourceType: 'Task',
    ...(task.meta?.security ? { meta: { security: task.meta.security } } : {}),
    ...Object.fromEntries(taken),
    status: 'draft',
    intent: task.intent,
    basedOn: [{ reference: `Task/${task.id}` }],
    owner: { reference: `Organization/${advised}` },
    authoredOn: graph.now.toISOString(),
    lastModified: graph.now.toISOString(),
    note: [hubNote(graph, `${name} advises to ask this organization. Nobody is asked until you send it.`)],
  };
}

/** The draft as it is written: the sender's own. */
export const draftCreation = ({ task, source }: TaskNode): WriteOperation => ({
  kind: 'create',
  resource: task,
  inNameOf: source,
});
