import type {
  Appointment,
  Communication,
  DocumentReference,
  Provenance,
  Resource,
  ServiceRequest,
  Task,
} from '@medplum/fhirtypes';
import { allows } from '../../../access/actor.ts';
import { HubError } from '../../../errors.ts';
import { referralWork } from '../../../fhir/operations/referral-work.ts';
import type { Parts } from '../../../fhir/parts.ts';
import type { Repository, Stored } from '../../../fhir/repository.ts';
import { isReferralTask, requestOf } from '../../../referral/lifecycle/referral-task.ts';
import type { Action } from '../../../referral/working/action.ts';
import { availableActions } from '../../../referral/working/available.ts';
import { type Referral, referralOf } from '../../referrals.ts';
import { type Seen, seenIn } from '../../seen.ts';
import type { Version } from './happenings.ts';

/** One referral as one of its parties reads it. */
export interface OneReferral {
  id: string;
  task: Task;
  request: (ServiceRequest & { id: string }) | undefined;
  row: Referral;
  /** What may be done now, in the order in which a page shows it. */
  actions: readonly Action[];
  seen: Omit<Seen, 'next'>;
  /** Oldest first. */
  versions: readonly Version[];
  /** Messages, questions and answers on it, oldest first. */
  messages: readonly Stored<Communication>[];
  visits: readonly Appointment[];
  documents: readonly Stored<DocumentReference>[];
  /** Who was asked for the same need: below the hub, or one after the other. */
  offers: readonly Task[];
}

const including = [
  ['_include', 'Task:focus'],
  ['_include', 'Task:patient'],
  ['_include', 'Task:requester'],
  ['_include', 'Task:owner'],
  ['_include', 'Task:part-of'],
  ['_include', 'Task:input'],
  ['_include', 'Task:output'],
  ['_revinclude', 'Task:part-of'],
  ['_revinclude', 'Communication:based-on'],
  ['_revinclude', 'Appointment:supporting-info'],
  ['_revinclude:iterate', 'Communication:based-on'],
  ['_revinclude:iterate', 'Appointment:supporting-info'],
  ['_revinclude:iterate', 'Task:focus'],
  ['_include:iterate', 'ServiceRequest:supporting-info'],
  ['_include:iterate', 'Task:requester'],
  ['_include:iterate', 'Task:owner'],
  ['_include:iterate', 'PractitionerRole:organization'],
  ['_include:iterate', 'Patient:organization'],
] as const;

/** HubError('not-found') where the actor does not see it, or where it is no referral. */
export async function readReferral(parts: Parts, repository: Repository, id: string): Promise<OneReferral> {
  const query = new URLSearchParams([
    ['_id', id],
    ...including.map(([name, value]) => [name, value]),
    // Who wrote what is for those who may look for it.
    ...(allows(repository.actor, 'search', 'Provenance') ? [['_revinclude', 'Provenance:target']] : []),
  ]);
  const versions = new URLSearchParams({ _count: '200' });
  const [{ entries }, past, work] = await Promise.all([
    repository.search('Task', query),
    repository.history({ type: 'Task', id, query: versions }),
    referralWork(parts, repository, id),
  ]);
  const seen = seenIn(entries);
  const task = seen.tasks.find(one => one.id === id);
  if (!task || !isReferralTask(task)) throw notThere();
  const found = entries.map(({ stored }) => stored);
  const request = seen.get<ServiceRequest & { id: string }>(task.focus);
  const documents = await documentsOf(repository, found);
  return {
    id,
    task,
    request,
    row: referralOf(task, repository.actor.organization, seen),
    actions: allows(repository.actor, 'update', 'Task') ? availableActions(work) : [],
    seen,
    versions: versionsOf(
      past.entries.map(({ stored }) => stored),
      found,
    ),
    messages: ofType<Communication>(found, 'Communication').sort(bySent),
    visits: ofType<Appointment>(found, 'Appointment').map(one => one.resource()),
    documents,
    offers: offersOf(task, seen, found),
  };
}

const notThere = (): HubError =>
  new HubError('not-found', 'There is no such referral, or it is not yours to see.');

const ofType = <R extends Resource>(found: readonly Stored[], type: R['resourceType']): Stored<R>[] =>
  found.filter(one => one.type === type) as Stored<R>[];

const bySent = (a: Stored<Communication>, b: Stored<Communication>): number => sentAt(a) - sentAt(b);

/** When a message was sent, epoch milliseconds. */
export const sentAt = (message: Stored<Communication>): number =>
  Date.parse(message.resource().sent ?? '') || message.lastUpdated.getTime();

/** The versions of a Task with who wrote each, oldest first. */
function versionsOf(past: readonly Stored[], found: readonly Stored[]): Version[] {
  const authors = new Map(
    ofType<Provenance>(found, 'Provenance').map(one => {
      const { target, agent } = one.resource();
      return [target[0]?.reference, agent[0]?.onBehalfOf?.reference?.split('/')[1]] as const;
    }),
  );
  return past
    .map(stored => {
      const by = authors.get(`Task/${stored.id}/_history/${stored.versionId}`);
      return { task: stored.resource() as Task, at: stored.lastUpdated, ...(by ? { by } : {}) };
    })
    .reverse();
}

/** Those below a Task of the hub's; else the other Tasks for the same request. */
function offersOf(task: Task, seen: Omit<Seen, 'next'>, found: readonly Stored[]): Task[] {
  const below = seen.below(task);
  const focus = requestOf(task);
  const same = ofType<Task>(found, 'Task')
    .map(one => one.resource())
    .filter(one => isReferralTask(one) && focus !== undefined && requestOf(one) === focus);
  const all = [...below, ...(same.length > 1 ? same : [])].filter(
    ({ status }) => status !== 'entered-in-error',
  );
  return all.sort((a, b) => (a.authoredOn ?? '').localeCompare(b.authoredOn ?? ''));
}

/** Documents that go with it: of its Tasks and its request, and those that messages name. */
async function documentsOf(
  repository: Repository,
  found: readonly Stored[],
): Promise<Stored<DocumentReference>[]> {
  const known = ofType<DocumentReference>(found, 'DocumentReference');
  const named = ofType<Communication>(found, 'Communication').flatMap(one =>
    (one.resource().payload ?? []).flatMap(({ contentReference }) => contentReference?.reference ?? []),
  );
  const missing = named.flatMap(reference => {
    const [type, id] = reference.split('/');
    return type === 'DocumentReference' && id && !known.some(one => one.id === id) ? [id] : [];
  });
  if (!missing.length || !allows(repository.actor, 'search', 'DocumentReference')) return known;
  const query = new URLSearchParams({ _id: [...new Set(missing)].join(',') });
  const { entries } = await repository.search('DocumentReference', query);
  return [...known, ...entries.map(({ stored }) => stored as Stored<DocumentReference>)];
}
