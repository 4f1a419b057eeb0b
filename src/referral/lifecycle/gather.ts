import type {
  CarePlan,
  CareTeam,
  EpisodeOfCare,
  Organization,
  ServiceRequest,
  Task,
} from '@medplum/fhirtypes';
import { materialOf } from '../../care/case-start/material.ts';
import type { RuleContext } from '../../fhir/write/rules.ts';
import { timeZoneOf } from '../clocks/time-zone.ts';
import type { Standing } from '../standing/follow.ts';
import { isTreatingProvider } from '../treating-provider.ts';
import type { DueRules } from './due.ts';
import { allNodes, type Graph, type TaskNode } from './graph.ts';
import { askerOf, sourceOf } from './parties.ts';
import { isReferralTask, parentOf, requestOf } from './referral-task.ts';

/** The Task that is written: as it was, and as it is now. */
export interface Written {
  before: Task | undefined;
  after: Task;
  /** As it was sent: what the write itself already shows among the Tasks that refer to something. */
  sent: Task;
}

/** Reads all that a write to this Task can touch, but what stands at the receivers. */
export async function gather(
  { before, after, sent }: Written,
  context: RuleContext,
  options: { rules: DueRules; source: string },
): Promise<Graph> {
  const requests: Graph['requests'] = new Map();
  const nodeOf = async (task: Task, stored: Task | undefined): Promise<TaskNode> => {
    const request = await loadRequest(requests, requestOf(task), context);
    return {
      stored,
      task,
      source: await sourceOf(
        task,
        request,
        context,
        stored === before ? options.source : context.hubOrganization,
      ),
      target: await context.organizationOf(task.owner?.reference),
      events: [],
    };
  };
  const stored = (task: Task): Promise<TaskNode> => nodeOf(task, task);
  const main = await nodeOf(after, before);
  const others = async (parameter: string, target: string | undefined): Promise<Task[]> => {
    const found = target ? await context.referring<Task>('Task', parameter, target) : [];
    const itself = (task: Task) => task === sent || (after.id !== undefined && task.id === after.id);
    return found.filter(task => isReferralTask(task) && !itself(task));
  };
  const parent = await followedParent(after, context);
  const root = parent ? await stored(parent) : main;
  const below =
    root.target === context.hubOrganization && root.task.id
      ? await others('part-of', `Task/${root.task.id}`)
      : [];
  const beside = (await others('focus', requestOf(root.task))).filter(
    task => (root === main || task.id !== root.task.id) && parentOf(task) === parentOf(root.task),
  );
  const children = await Promise.all(below.map(stored));
  const graph: Graph = {
    main,
    root,
    rootSiblings: await Promise.all(beside.map(stored)),
    children: parent ? [...children, main] : children,
    requests,
    organizations: new Map(),
    standings: [],
    materials: new Map(),
    hub: context.hubOrganization,
    now: context.now,
    rules: options.rules,
  };
  for (const node of allNodes(graph))
    for (const id of [node.target, node.source]) await loadOrganization(graph, id, context);
  return graph;
}

/** The Task of the hub's that this one is part of. */
async function followedParent(task: Task, context: RuleContext): Promise<Task | undefined> {
  const reference = parentOf(task);
  const parent = reference ? await context.get<Task>(reference) : undefined;
  if (!parent || !isReferralTask(parent)) return undefined;
  const owner = await context.organizationOf(parent.owner?.reference);
  return owner === context.hubOrganization ? parent : undefined;
}

async function loadRequest(
  requests: Graph['requests'],
  reference: string | undefined,
  context: RuleContext,
): Promise<ServiceRequest | undefined> {
  if (!reference) return undefined;
  const known = requests.get(reference);
  if (known) return known.request;
  const request = await context.get<ServiceRequest>(reference);
  if (request)
    requests.set(reference, { stored: request, request, owner: await askerOf(request.requester, context) });
  return request;
}

async function loadOrganization(graph: Graph, id: string | undefined, context: RuleContext): Promise<void> {
  if (!id || graph.organizations.has(id)) return;
  const organization = await context.get<Organization>(`Organization/${id}`);
  graph.organizations.set(id, {
    name: organization?.name,
    treats: organization ? isTreatingProvider(organization) : false,
    timeZone: organization && timeZoneOf(organization),
  });
}

/** Reads what stands at the receivers because of the Tasks of the graph. */
export async function gatherStandings(graph: Graph, context: RuleContext): Promise<void> {
  const patient = graph.main.task.for?.reference;
  if (!patient?.startsWith('Patient/')) return;
  for (const episode of await context.referring<EpisodeOfCare>('EpisodeOfCare', 'patient', patient)) {
    const standing = await standingOf(episode, graph, context);
    if (standing) graph.standings.push(standing);
  }
  const begins = graph.main.events.some(({ event: { event } }) => event === 'accept' || event === 'claim');
  const { task } = graph.main;
  const reference = requestOf(task) ?? '';
  const request = graph.requests.get(reference)?.request;
  if (begins && request) graph.materials.set(reference, await materialOf(request, task, context));
}

async function standingOf(
  episode: EpisodeOfCare,
  graph: Graph,
  context: RuleContext,
): Promise<Standing | undefined> {
  const request = episode.referralRequest
    ?.map(one => one.reference ?? '')
    .find(one => graph.requests.has(one));
  const organization = await context.organizationOf(episode.managingOrganization?.reference);
  if (!request || !organization || !episode.id) return undefined;
  const named = await Promise.all(
    (episode.team ?? []).map(one => context.get<CareTeam>(one.reference ?? '')),
  );
  const teams = named.filter(team => team?.id !== undefined).filter(team => team !== undefined);
  const plans = await context.referring<CarePlan>('CarePlan', 'activity-reference', request);
  const ofTeam = plans.filter(plan =>
    plan.careTeam?.some(one => teams.some(team => one.reference === `CareTeam/${team.id}`)),
  );
  return { request, organization, episode, teams, plans: ofTeam };
}
