import type { Condition, ServiceRequest, Task } from '@medplum/fhirtypes';
import { allows } from '../../../access/actor.ts';
import { system } from '../../../fhir/canonical.ts';
import { referralWork } from '../../../fhir/operations/referral-work.ts';
import type { Parts } from '../../../fhir/parts.ts';
import type { Repository } from '../../../fhir/repository.ts';
import { nextStepOf } from '../../../referral/lifecycle/next-step.ts';
import type { Action } from '../../../referral/working/action.ts';
import { availableActions } from '../../../referral/working/available.ts';
import { type Referral, referralOf } from '../../referrals.ts';
import { nextOf, seenIn } from '../../seen.ts';
import { actionsFor } from './act-words.ts';

/** Something that waits for this organization. */
export interface Waiting {
  row: Referral;
  /** Why, as the request says it. */
  why: readonly string[];
  /** What its next step asks for, the first one first. */
  actions: readonly Action[];
  /** What else may be done: by its own page. */
  more: readonly Action[];
}

export interface Inbox {
  /** Whoever is more urgent first, then what is due sooner. */
  waiting: readonly Waiting[];
  /** Asked of this organization, and somebody else's turn. */
  elsewhere: readonly Referral[];
  /** There is more than the page shows. */
  more: boolean;
}

/** Referrals that are looked through, and that somebody goes through on one page. */
const most = 500;
const shown = 100;

const including = [
  ['_include', 'Task:focus'],
  ['_include', 'Task:patient'],
  ['_include', 'Task:requester'],
  ['_include', 'Task:owner'],
  ['_include', 'Task:part-of'],
  ['_include:iterate', 'Task:requester'],
  ['_include:iterate', 'PractitionerRole:organization'],
  ['_include:iterate', 'Patient:organization'],
] as const;

/** Referrals that this organization was asked to take and that are not over. */
export async function readInbox(parts: Parts, repository: Repository): Promise<Inbox> {
  const { organization } = repository.actor;
  const query = new URLSearchParams([
    ['code', `${system.taskCode}|fulfill`],
    ['next-action:missing', 'false'],
    ['status:not', 'draft'],
    ['_sort', '-_lastUpdated'],
    ['_count', String(most)],
    ...including.map(([name, value]) => [name, value]),
  ]);
  const found = await repository.search('Task', query);
  const seen = seenIn(found.entries);
  const asked = seen.tasks.filter(task => seen.organizationOf(task.owner) === organization);
  const rows = asked
    .map(task => ({ task, row: referralOf(task, organization, seen) }))
    .filter(({ row }) => row.stage !== 'ended');
  const all = rows.filter(({ row }) => row.turn?.yours).sort((a, b) => byUrgency(a.row, b.row));
  const mine = all.slice(0, shown);
  const requests = mine.flatMap(({ task }) => seen.get<ServiceRequest>(task.focus) ?? []);
  const [reasons, actions] = await Promise.all([
    conditionsOf(repository, requests),
    Promise.all(mine.map(({ task }) => openActions(parts, repository, task))),
  ]);
  return {
    waiting: mine.map(({ task, row }, index) => ({
      row,
      why: whyOf(seen.get<ServiceRequest>(task.focus), reasons),
      ...(actions[index] ?? { actions: [], more: [] }),
    })),
    elsewhere: rows.flatMap(({ row }) => (row.turn?.yours ? [] : [row])),
    more: all.length > shown || nextOf(found) !== undefined,
  };
}

const urgencies = ['stat', 'asap', 'urgent', 'routine'];

/** Whoever is more urgent first, then what is due sooner. */
export const byUrgency = (a: Referral, b: Referral): number =>
  urgencies.indexOf(a.urgency) - urgencies.indexOf(b.urgency) ||
  (a.turn?.due.getTime() ?? 0) - (b.turn?.due.getTime() ?? 0);

/** What can be done from the list is what the next step asks for, as far as it is open. */
async function openActions(
  parts: Parts,
  repository: Repository,
  task: Task,
): Promise<Pick<Waiting, 'actions' | 'more'>> {
  if (!allows(repository.actor, 'update', 'Task')) return { actions: [], more: [] };
  const names = actionsFor(nextStepOf(task)?.action);
  const open = availableActions(await referralWork(parts, repository, task.id ?? ''));
  const actions = names.flatMap(name => open.find(one => one.name === name) ?? []);
  return { actions, more: open.filter(one => !actions.includes(one)) };
}

/** The names of the conditions that requests rest on, by reference. */
async function conditionsOf(
  repository: Repository,
  requests: readonly ServiceRequest[],
): Promise<ReadonlyMap<string, string>> {
  const ids = requests
    .flatMap(({ reasonReference = [] }) => reasonReference)
    .flatMap(({ reference }) => /^Condition\/([\w.-]+)/.exec(reference ?? '')?.[1] ?? []);
  if (!ids.length || !allows(repository.actor, 'search', 'Condition')) return new Map();
  const query = new URLSearchParams({ _id: [...new Set(ids)].slice(0, 500).join(','), _count: '500' });
  const { entries } = await repository.search('Condition', query);
  return new Map(
    entries.flatMap(({ stored }) => {
      const { code } = stored.resource() as Condition;
      const words = code?.text ?? code?.coding?.find(({ display }) => display)?.display;
      return words ? [[`Condition/${stored.id}`, words] as const] : [];
    }),
  );
}

/** The first lines of why somebody is referred. */
function whyOf(request: ServiceRequest | undefined, conditions: ReadonlyMap<string, string>): string[] {
  const coded = (request?.reasonCode ?? []).flatMap(
    ({ text, coding }) => text ?? coding?.find(({ display }) => display)?.display ?? [],
  );
  const referred = (request?.reasonReference ?? []).flatMap(
    ({ reference }) => conditions.get(reference ?? '') ?? [],
  );
  const notes = (request?.note ?? []).map(({ text }) => text);
  return [...new Set([...coded, ...referred, ...notes])].slice(0, 3);
}
