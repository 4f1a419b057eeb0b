import { HubError } from '../../errors.ts';
import type { RuleContext } from '../../fhir/write/rules.ts';
import { type Graph, isChild, peersOf } from './graph.ts';
import { requestOf } from './referral-task.ts';
import { isOffered, isWorking, stateOf } from './state.ts';
import type { EventName } from './table.ts';

/** What must be right about a Task before it goes out (and, but for the last two, about its draft). */
export async function checkSending(graph: Graph, event: EventName, context: RuleContext): Promise<void> {
  checkRequest(graph);
  await checkOwnRequest(graph, context);
  await checkParent(graph, context);
  checkOwner(graph);
  if (event === 'draft' || event === 'edit') return;
  checkActive(graph);
  checkOffers(graph);
}

function checkRequest({ main, requests }: Graph): void {
  const reference = requestOf(main.task);
  const request = requests.get(reference ?? '')?.request;
  if (!request)
    throw refused(
      `${reference} does not exist: create the ServiceRequest first, or in the same transaction.`,
      'Task.focus',
    );
  if (request.subject.reference !== main.task.for?.reference) {
    throw refused(`Task.for must be the patient of the request, ${request.subject.reference}.`, 'Task.for');
  }
}

/** Only who made a request has it fulfilled: to ask on, an organization makes a request of its own. */
async function checkOwnRequest({ main, requests, rootSiblings }: Graph, context: RuleContext): Promise<void> {
  const node = requests.get(requestOf(main.task) ?? '');
  const own = node?.owner
    ? await context.actsFor(node.owner)
    : rootSiblings.every(one => one.source === main.source);
  if (own) return;
  throw new HubError('forbidden', {
    text: `${requestOf(main.task)} is another organization's request: make a ServiceRequest of your own (basedOn this one) to ask somebody else.`,
    expression: 'Task.focus',
  });
}

/** Only the hub asks on in the name of a Task that it follows. */
async function checkParent(graph: Graph, context: RuleContext): Promise<void> {
  const { main, root } = graph;
  if (!isChild(graph, main)) return;
  if (!(await context.actsFor(graph.hub))) {
    throw new HubError('forbidden', {
      text: 'Only the hub makes Tasks that are part of a Task it routes.',
      expression: 'Task.partOf',
    });
  }
  if (!isWorking(root.task) || stateOf(root.task).step === '5.2') {
    throw refused(
      `Task/${root.task.id} is ${stateOf(root.task).status}: the hub asks others once it has accepted, and until the sender asks to cancel.`,
      'Task.partOf',
    );
  }
  if (root.task.for?.reference === main.task.for?.reference) return;
  throw refused(
    `Task.for must be the patient of the Task it is part of, ${root.task.for?.reference}.`,
    'Task.for',
  );
}

function checkOwner({ main }: Graph): void {
  if (!main.task.owner || main.target) return;
  throw refused(
    'Task.owner must say which organization is asked: an Organization, or a PractitionerRole or HealthcareService of one. Without an owner the Task can be claimed.',
    'Task.owner',
  );
}

function checkActive({ main, requests }: Graph): void {
  const status = requests.get(requestOf(main.task) ?? '')?.request.status;
  if (status === 'active' || status === 'draft') return;
  throw refused(`${requestOf(main.task)} is ${status}: only an active request is sent.`, 'Task.focus');
}

function checkOffers(graph: Graph): void {
  const peers = peersOf(graph, graph.main).map(one => one.task);
  const taken = peers.find(isWorking);
  if (taken) {
    throw refused(
      `Another organization is at work on this request (Task/${taken.id}): cancel that Task before asking somebody else.`,
      'Task.focus',
    );
  }
  const { parallelOffers } = graph.rules;
  if (peers.filter(isOffered).length < parallelOffers) return;
  throw refused(
    `${parallelOffers} organizations are asked already: wait for an answer, or cancel one of these Tasks.`,
    'Task.focus',
  );
}

const refused = (text: string, expression: string): HubError =>
  new HubError('unprocessable', { text, expression });
