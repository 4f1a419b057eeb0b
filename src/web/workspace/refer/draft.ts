import type { Patient, Resource, ServiceRequest, Task } from '@medplum/fhirtypes';
import { HubError } from '../../../errors.ts';
import { system } from '../../../fhir/canonical.ts';
import type { Repository, WriteOperation } from '../../../fhir/repository.ts';
import { isReferralTask } from '../../../referral/lifecycle/referral-task.ts';
import { changed } from '../../../referral/routing/changed.ts';
import { concept } from '../../../referral/routing/codes.ts';
import type { Pair } from './wanted.ts';

/** A referral that is not sent yet. Its Task has no id where none was written so far. */
export interface Draft extends Pair {
  patient: Patient;
}

/** Where a referral is now that was a draft: the Task by which it was sent. */
export interface Sent {
  sent: string;
}

/** The draft of this request, in one search; HubError('not-found'): there is none of this organization. */
export async function readDraft(repository: Repository, id: string, hub: string): Promise<Draft | Sent> {
  const query = new URLSearchParams([
    ['_id', id],
    ['_include', 'ServiceRequest:patient'],
    ['_revinclude', 'Task:focus'],
  ]);
  const { entries } = await repository.search('ServiceRequest', query);
  const own = entries.find(({ mode }) => mode === 'match')?.stored;
  const all: Resource[] = entries.map(({ stored }) => stored.resource());
  const request = own?.resource() as ServiceRequest | undefined;
  const patient = all.find((one): one is Patient => one.resourceType === 'Patient');
  if (!request || !patient || own?.source !== repository.actor.organization) throw noDraft();
  const tasks = all.filter(isTask).filter(isReferralTask);
  const sent = tasks.find(({ status }) => status !== 'draft' && status !== 'entered-in-error');
  if (sent?.id) return { sent: sent.id };
  if (request.status !== 'draft') throw noDraft();
  const task = tasks.find(({ status }) => status === 'draft');
  return { request, patient, task: task ?? taskFor(request, repository.actor.organization, hub) };
}

const isTask = (one: Resource): one is Task => one.resourceType === 'Task';

const noDraft = (): HubError =>
  new HubError(
    'not-found',
    'There is no such draft: it was discarded, or is another organization’s. Yours are at /refer.',
  );

/** The Task that will send a request; until it is known to whom, the hub's. */
export function taskFor(request: ServiceRequest, organization: string, hub: string): Task {
  return {
    resourceType: 'Task',
    status: 'draft',
    intent: 'order',
    ...(request.priority ? { priority: request.priority } : {}),
    code: concept(system.taskCode, 'fulfill', 'Fulfill the focal request'),
    focus: { reference: request.id ? `ServiceRequest/${request.id}` : requestUrl },
    for: request.subject,
    requester: { reference: `Organization/${organization}` },
    owner: { reference: `Organization/${hub}` },
  };
}

const requestUrl = 'urn:uuid:request';

/** Writes a new draft; the id of its request. */
export async function createDraft(repository: Repository, { request, task }: Pair): Promise<string> {
  const [made] = await repository.write([
    { kind: 'create', resource: request, fullUrl: requestUrl },
    { kind: 'create', resource: task },
  ]);
  if (!made?.stored) throw new Error('a request was created and is not there');
  return made.stored.id;
}

/** What changes a draft that was read; who changed it meanwhile is not overwritten. */
export const savingOf = ({ request, task }: Pair): WriteOperation[] => [
  changed<ServiceRequest>(request, {}),
  task.id ? changed<Task>(task, {}) : { kind: 'create', resource: task },
];

/** One line of the list of drafts. */
export interface DraftRow {
  request: ServiceRequest;
  patient: Patient | undefined;
  changed: Date;
}

const most = 50;

/** The drafts of the organization, or those for one person (id), the latest first. */
export async function draftsOf(repository: Repository, patient?: string): Promise<DraftRow[]> {
  const query = new URLSearchParams([
    ...(patient === undefined ? [] : [['patient', `Patient/${patient}`]]),
    ['status', 'draft'],
    ['code', `${system.taskCode}|fulfill`],
    ['_include', 'Task:focus'],
    ['_include', 'Task:patient'],
    ['_sort', '-_lastUpdated'],
    ['_count', String(most)],
  ]);
  const { entries } = await repository.search('Task', query);
  const known = new Map(entries.map(({ stored }) => [`${stored.type}/${stored.id}`, stored]));
  return entries
    .filter(({ mode, stored }) => mode === 'match' && stored.source === repository.actor.organization)
    .flatMap(({ stored }) => {
      const task = stored.resource() as Task;
      const request = known.get(task.focus?.reference ?? '')?.resource() as ServiceRequest | undefined;
      if (request?.status !== 'draft') return [];
      const patient = known.get(request.subject.reference ?? '')?.resource() as Patient | undefined;
      return [{ request, patient, changed: stored.lastUpdated }];
    });
}
