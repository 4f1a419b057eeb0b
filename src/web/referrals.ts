import type { Patient, ServiceRequest, Task } from '@medplum/fhirtypes';
import type { Repository } from '../fhir/repository.ts';
import { hubOrganization } from '../hub-organization.ts';
import { nextStepOf } from '../referral/lifecycle/next-step.ts';
import { isOffered, isWorking } from '../referral/lifecycle/state.ts';
import { look, needWords, personName, type Seen } from './seen.ts';
import { actionWords, reasonWords, statusWords } from './status-words.ts';

/** A referral as one of its two parties reads it. Absent: not (or no longer) to be seen by that party. */
export interface Referral {
  id: string;
  person?: string;
  need?: string;
  urgent: boolean;
  from: string;
  to: string;
  /** The hub looks for a place; `to` is whom it asks, or itself. */
  throughHub: boolean;
  status: string;
  reason?: string;
  /** Absent when it is over. */
  turn?: { yours: boolean; name: string; action: string; due: Date };
  changed: Date;
}

export interface Referrals {
  yourTurn: Referral[];
  waiting: Referral[];
  finished: Referral[];
  next?: string;
}

/** The referrals that an organization sent or was asked to take, the soonest due first, the latest finished first. */
export async function referralsOf(repository: Repository, from?: string): Promise<Referrals> {
  const { organization } = repository.actor;
  const seen = await look(repository, from);
  const own = seen.tasks.filter(task =>
    [task.requester, task.owner].some(party => seen.organizationOf(party) === organization),
  );
  const all = own.map(task => referral(task, organization, seen));
  const open = all.filter(({ turn }) => turn).sort((a, b) => time(a.turn?.due) - time(b.turn?.due));
  return {
    yourTurn: open.filter(({ turn }) => turn?.yours),
    waiting: open.filter(({ turn }) => !turn?.yours),
    finished: all.filter(({ turn }) => !turn).sort((a, b) => time(b.changed) - time(a.changed)),
    ...(seen.next ? { next: seen.next } : {}),
  };
}

const time = (at: Date | undefined): number => at?.getTime() ?? 0;

function referral(task: Task, reader: string, seen: Seen): Referral {
  const asked = seen.organizationOf(task.owner);
  const below = asked === hubOrganization ? leading(seen.below(task)) : undefined;
  const step = nextStepOf(task);
  return {
    id: task.id ?? '',
    ...present('person', personName(seen.get<Patient>(task.for))),
    ...present('need', needWords(seen.get<ServiceRequest>(task.focus))),
    urgent: task.priority !== undefined && task.priority !== 'routine',
    from: sender(task, seen),
    to: receiver(task, below, seen),
    throughHub: asked === hubOrganization || seen.organizationOf(task.requester) === hubOrganization,
    status: statusWords(task, below),
    ...present('reason', reasonWords(task)),
    ...(step
      ? {
          turn: {
            yours: step.turn === reader,
            name: seen.nameOf(step.turn),
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

/** Of the organizations that the hub asked: who works on it, or who was asked last. */
function leading(below: readonly Task[]): Task | undefined {
  const latest = [...below].sort((a, b) => (b.authoredOn ?? '').localeCompare(a.authoredOn ?? ''));
  return latest.find(isWorking) ?? latest.find(isOffered) ?? latest[0];
}

/** Behind the hub stands who asked it, as far as the reader may know. */
function sender(task: Task, seen: Seen): string {
  const [parent] = task.partOf ?? [];
  const above = seen.get<Task>(parent);
  const id = seen.organizationOf(above?.requester) ?? seen.organizationOf(task.requester);
  return id ? seen.nameOf(id) : 'Unknown';
}

function receiver(task: Task, below: Task | undefined, seen: Seen): string {
  const id = seen.organizationOf(below?.owner) ?? seen.organizationOf(task.owner);
  return id ? seen.nameOf(id) : 'Whoever claims it';
}
