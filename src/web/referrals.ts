import type { Patient, ServiceRequest, Task } from '@medplum/fhirtypes';
import type { Repository } from '../fhir/repository.ts';
import { hubOrganization } from '../hub-organization.ts';
import type { Priority } from '../referral/lifecycle/due.ts';
import { nextStepOf, priorityOf } from '../referral/lifecycle/next-step.ts';
import { requestOf } from '../referral/lifecycle/referral-task.ts';
import { isOffered, isTerminal, isWorking } from '../referral/lifecycle/state.ts';
import { type LookFor, look, needWords, personName, type Seen } from './seen.ts';
import { actionWords, reasonWords, statusWords } from './status-words.ts';

/** A referral as one of its two parties reads it. Absent: not (or no longer) to be seen by that party. */
export interface Referral {
  id: string;
  person?: string;
  need?: string;
  /** `ServiceRequest/id`. */
  request?: string;
  urgency: Priority;
  direction: 'sent' | 'received' | 'other';
  stage: Stage;
  from: string;
  /** Whose record the person's is, where all that is known of the sender is that the hub asks for it. */
  keeper?: string;
  to: string;
  /** The hub stands between the two. */
  throughHub: boolean;
  status: string;
  reason?: string;
  /** Absent when it is over. */
  turn?: { yours: boolean; hub: boolean; name: string; action: string; due: Date };
  changed: Date;
}

/** How far it is, as coarsely as one sorts work by. */
export type Stage = 'draft' | 'asked' | 'working' | 'on-hold' | 'ended';

export interface Referrals {
  yourTurn: Referral[];
  waiting: Referral[];
  finished: Referral[];
  next?: string;
}

/** The referrals that an organization sent or was asked to take, the soonest due first, the latest finished first. */
export async function referralsOf(repository: Repository, which: LookFor = {}): Promise<Referrals> {
  const { organization } = repository.actor;
  const seen = await look(repository, which);
  const own = seen.tasks.filter(task =>
    [task.requester, task.owner].some(party => seen.organizationOf(party) === organization),
  );
  const all = own.map(task => referralOf(task, organization, seen));
  const open = all.filter(({ turn }) => turn).sort((a, b) => time(a.turn?.due) - time(b.turn?.due));
  return {
    yourTurn: open.filter(({ turn }) => turn?.yours),
    waiting: open.filter(({ turn }) => !turn?.yours),
    finished: all.filter(({ turn }) => !turn).sort((a, b) => time(b.changed) - time(a.changed)),
    ...(seen.next ? { next: seen.next } : {}),
  };
}

const time = (at: Date | undefined): number => at?.getTime() ?? 0;

/** The row of a Task for the organization `reader`. */
export function referralOf(task: Task, reader: string, seen: Omit<Seen, 'next'>): Referral {
  const byHub = seen.organizationOf(task.owner) === hubOrganization;
  const below = byHub ? leading(seen.below(task)) : undefined;
  const step = nextStepOf(task);
  const request = requestOf(task);
  const from = sender(task, seen);
  const to = seen.organizationOf(below?.owner) ?? seen.organizationOf(task.owner);
  return {
    id: task.id ?? '',
    ...present('person', personName(seen.get<Patient>(task.for))),
    ...present('need', needWords(seen.get<ServiceRequest>(task.focus))),
    ...present('request', request),
    urgency: priorityOf(task, seen.get<ServiceRequest>(task.focus)),
    direction: directionOf(task, reader, seen),
    stage: stageOf(task, below),
    from: called(from, seen) ?? 'Unknown',
    ...(from === hubOrganization ? present('keeper', keeperOf(task, seen)) : {}),
    to: called(to, seen) ?? 'Whoever claims it',
    throughHub: (byHub || task.partOf !== undefined) && from !== hubOrganization && to !== hubOrganization,
    status: statusWords(task, below),
    ...present('reason', reasonWords(task)),
    ...(step
      ? {
          turn: {
            yours: step.turn === reader,
            hub: step.turn === hubOrganization,
            name: called(step.turn, seen) ?? step.turn,
            action: actionWords(step.action),
            due: new Date(step.due),
          },
        }
      : {}),
    changed: new Date(task.lastModified ?? task.meta?.lastUpdated ?? task.authoredOn ?? 0),
  };
}

const present = <K extends string>(key: K, value: string | undefined) =>
  value ? ({ [key]: value } as Record<K, string>) : {};

function directionOf(task: Task, reader: string, seen: Omit<Seen, 'next'>): Referral['direction'] {
  if (seen.organizationOf(task.owner) === reader) return 'received';
  return seen.organizationOf(task.requester) === reader ? 'sent' : 'other';
}

/** What the hub has taken waits for an answer as long as nobody whom it asks has given one. */
function stageOf(task: Task, below: Task | undefined): Stage {
  if (task.status === 'draft') return 'draft';
  if (isTerminal(task)) return 'ended';
  if (isOffered(task) || (task.status === 'accepted' && below && isOffered(below))) return 'asked';
  return task.status === 'on-hold' ? 'on-hold' : 'working';
}

/** Of the organizations that the hub asked: who works on it, or who was asked last. */
export function leading(below: readonly Task[]): Task | undefined {
  const latest = [...below].sort((a, b) => (b.authoredOn ?? '').localeCompare(a.authoredOn ?? ''));
  return latest.find(isWorking) ?? latest.find(isOffered) ?? latest[0];
}

/** Behind the hub stands who asked it, as far as the reader may know. */
function sender(task: Task, seen: Omit<Seen, 'next'>): string | undefined {
  const above = seen.get<Task>(task.partOf?.[0]);
  return seen.organizationOf(above?.requester) ?? seen.organizationOf(task.requester);
}

function keeperOf(task: Task, seen: Omit<Seen, 'next'>): string | undefined {
  const { managingOrganization } = seen.get<Patient>(task.for) ?? {};
  return managingOrganization?.display ?? called(seen.organizationOf(managingOrganization), seen);
}

const called = (id: string | undefined, seen: Omit<Seen, 'next'>): string | undefined =>
  id === hubOrganization ? 'The hub' : id && seen.nameOf(id);
