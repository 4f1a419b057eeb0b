import { isDeepStrictEqual } from 'node:util';
import type { ServiceRequest, Task } from '@medplum/fhirtypes';
import { HubError, type Problem } from '../../errors.ts';
import type { WriteOperation } from '../../fhir/repository.ts';
import type { Change, RuleContext, RuleResult, WriteRule } from '../../fhir/write/rules.ts';
import type { DueRules } from './due.ts';
import { gather } from './gather.ts';
import { cause, type Graph } from './graph.ts';
import { requestUpdates, taskUpdates } from './operations.ts';
import { closeBelow } from './pass-down.ts';
import { isReferralTask, requestOf } from './referral-task.ts';
import { refreshNextSteps } from './refresh.ts';
import { isTerminal, stateOf } from './state.ts';

/** A ServiceRequest that Tasks were sent for: its sender closes it, and does not change what was agreed on. */
export const requestRule = (rules: DueRules): WriteRule => ({
  types: ['ServiceRequest'],
  async apply({ before, after, actor }: Change, context: RuleContext): Promise<RuleResult> {
    if (!before || !after || actor.importing) return {};
    const [was, is] = [before as ServiceRequest, after as ServiceRequest];
    const tasks = await tasksOf(was, context);
    const sent = tasks.filter(task => stateOf(task).status !== 'draft');
    if (!sent.length) return is.status === was.status ? {} : { also: await refreshed(tasks, context, rules) };
    checkElements(was, is);
    checkStatus(was, is, sent);
    const moved = was.status !== is.status || was.priority !== is.priority;
    return moved ? { also: await refreshed(tasks, context, rules) } : {};
  },
});

async function tasksOf(request: ServiceRequest, context: RuleContext): Promise<Task[]> {
  const tasks = await context.referring<Task>('Task', 'focus', `ServiceRequest/${request.id}`);
  return tasks.filter(isReferralTask);
}

/** What the receivers rely on once they were asked. */
const agreed = ['subject', 'intent', 'code', 'requester', 'basedOn', 'replaces', 'doNotPerform'] as const;

/** What may still be added when the request is closed. */
const afterTheEnd: readonly string[] = [
  'status',
  'meta',
  'text',
  'note',
  'supportingInfo',
  'identifier',
  'relevantHistory',
  'extension',
];

function checkElements(was: ServiceRequest, is: ServiceRequest): void {
  const closed = closedStatus(was.status);
  const elements = new Set([...Object.keys(was), ...Object.keys(is)]) as Set<keyof ServiceRequest>;
  const fixed = [...elements].filter(one =>
    closed ? !afterTheEnd.includes(one) : (agreed as readonly string[]).includes(one),
  );
  const problems = fixed
    .filter(element => !isDeepStrictEqual(was[element], is[element]))
    .map(
      (element): Problem => ({
        text: `ServiceRequest.${element} is fixed once the request is ${closed ? was.status : 'sent'}: for something else make a new ServiceRequest (replaces this one).`,
        expression: `ServiceRequest.${element}`,
      }),
    );
  if (problems.length) throw new HubError('unprocessable', problems);
}

const closedStatus = (status: ServiceRequest['status']): boolean =>
  status === 'completed' || status === 'revoked' || status === 'entered-in-error';

/** Where the status may go, by what its Tasks say. */
function checkStatus(was: ServiceRequest, is: ServiceRequest, sent: readonly Task[]): void {
  if (was.status === is.status || is.status === 'entered-in-error') return;
  const open = sent.filter(task => !isTerminal(task));
  const refuse = (text: string): never => {
    throw new HubError('unprocessable', {
      text: `ServiceRequest is ${was.status}: ${text}`,
      expression: 'ServiceRequest.status',
    });
  };
  const named = open.map(task => `Task/${task.id}`).join(', ');
  if (closedStatus(was.status))
    refuse('a closed request is not opened again; make a new one that replaces it.');
  if (is.status === 'draft' || is.status === 'unknown')
    refuse(`it was sent, and cannot become ${is.status}.`);
  if (is.status !== 'active' && open.length) {
    refuse(
      `it cannot become ${is.status} while a Task is open (${named}): cancel the Task, or wait for its outcome.`,
    );
  }
  if (is.status === 'completed' && !sent.some(task => task.status === 'completed')) {
    refuse('no Task of it is completed; revoke it if the need no longer stands.');
  }
}

/** What a changed request changes: its Tasks are in error with it, or have another next step. */
async function refreshed(
  tasks: readonly Task[],
  context: RuleContext,
  rules: DueRules,
): Promise<WriteOperation[]> {
  const changed = new Map<string, WriteOperation>();
  for (const task of tasks) {
    const options = { rules, source: context.hubOrganization };
    const graph = await gather({ before: task, after: task, sent: task }, context, options);
    graph.recount = true;
    for (const one of settled(graph)) if (one.kind === 'update') changed.set(`${one.type}/${one.id}`, one);
  }
  return [...changed.values()];
}

/** What changes on the main Task of the graph and below it; its siblings have graphs of their own. */
function settled(graph: Graph): WriteOperation[] {
  const { main, root } = graph;
  const request = graph.requests.get(requestOf(main.task) ?? '')?.request;
  if (request?.status === 'entered-in-error' && !isTerminal(main.task)) {
    cause(graph, main, 'mark-error');
    if (main === root) closeBelow(graph);
  }
  refreshNextSteps(graph);
  return [...taskUpdates(main === root ? [main, ...graph.children] : [main, root]), ...requestUpdates(graph)];
}
