import type {
  HumanName,
  Organization,
  Patient,
  PractitionerRole,
  Reference,
  Resource,
  ServiceRequest,
  Task,
} from '@medplum/fhirtypes';
import { system } from '../fhir/canonical.ts';
import type { Repository, SearchEntry, SearchResult } from '../fhir/repository.ts';
import { isReferralTask } from '../referral/lifecycle/referral-task.ts';

/** One page of an organization's referral Tasks with what they refer to: all of it as its own API client reads it. */
export interface Seen {
  tasks: Task[];
  /** The hub's Tasks that are part of a Task. */
  below(task: Task): Task[];
  get<R extends Resource>(reference: Reference | undefined): R | undefined;
  /** The id of the organization that a Task's requester or owner stands for. */
  organizationOf(reference: Reference | undefined): string | undefined;
  /** What an organization is called; its id where the directory does not show it. */
  nameOf(organization: string): string;
  /** Where the next page begins. */
  next?: string;
}

const pageSize = 100;
const ofPatients = 1000;

const including = [
  ['_include', 'Task:focus'],
  ['_include', 'Task:patient'],
  ['_include', 'Task:requester'],
  ['_include', 'Task:owner'],
  ['_include', 'Task:part-of'],
  ['_revinclude', 'Task:part-of'],
  ['_include:iterate', 'Task:requester'],
  ['_include:iterate', 'Task:owner'],
  ['_include:iterate', 'PractitionerRole:organization'],
] as const;

/** Which of the referrals: all by default. */
export interface LookFor {
  /** The `next` of an earlier page. */
  from?: string | undefined;
  /** Of these people alone (Patient ids), all of them on one page. */
  patients?: readonly string[];
}

/** Searches as the repository's actor. */
export async function look(repository: Repository, { from, patients }: LookFor = {}): Promise<Seen> {
  const query = new URLSearchParams([
    ['code', `${system.taskCode}|fulfill`],
    ['_sort', '-_lastUpdated'],
    ['_count', String(patients ? ofPatients : pageSize)],
    ...(patients ? [['patient', patients.map(id => `Patient/${id}`).join(',')]] : []),
    ...including.map(([name, value]) => [name, value]),
    ...(from ? [['_cursor', from]] : []),
  ]);
  const found = await repository.search('Task', query);
  const next = nextOf(found);
  return { ...seenIn(found.entries), ...(next ? { next } : {}) };
}

/** Where the next page of a search begins: its `_cursor`. */
export const nextOf = ({ next }: Pick<SearchResult, 'next'>): string | undefined =>
  (next && new URLSearchParams(next).get('_cursor')) || undefined;

/** What was found, of one search or of several. */
export function seenIn(entries: readonly Pick<SearchEntry, 'mode' | 'stored'>[]): Omit<Seen, 'next'> {
  const resources = entries.map(({ mode, stored }) => ({ mode, resource: stored.resource() }));
  const known = new Map(
    resources.map(({ resource }) => [`${resource.resourceType}/${resource.id}`, resource]),
  );
  const tasks = [...known.values()].filter(resource => resource.resourceType === 'Task');
  const matched = new Set(
    resources.filter(({ mode }) => mode === 'match').map(({ resource }) => resource.id),
  );
  const get = <R extends Resource>(reference: Reference | undefined) =>
    known.get(reference?.reference ?? '') as R | undefined;

  return {
    tasks: tasks.filter(task => matched.has(task.id) && isReferralTask(task)),
    below: ({ id }) => tasks.filter(task => task.partOf?.some(({ reference }) => reference === `Task/${id}`)),
    get,
    organizationOf(reference) {
      const [type, id] = reference?.reference?.split('/') ?? [];
      if (type === 'Organization') return id;
      return get<PractitionerRole>(reference)?.organization?.reference?.split('/')[1];
    },
    nameOf: id => get<Organization>({ reference: `Organization/${id}` })?.name ?? id,
  };
}

/** A person's name, where the organization may read it. */
export function personName(patient: Pick<Patient, 'name'> | undefined): string | undefined {
  const names = patient?.name ?? [];
  const [name] = [...names].sort((a, b) => Number(b.use === 'official') - Number(a.use === 'official'));
  return name && (name.text ?? joined(name));
}

const joined = ({ given = [], family }: HumanName): string | undefined =>
  [...given, family].filter(Boolean).join(' ') || undefined;

/** What is asked for, in the sender's words. */
export const needWords = (request: ServiceRequest | undefined): string | undefined =>
  request?.code?.text ?? request?.code?.coding?.find(coding => coding.display)?.display;
