import type { Task } from '@medplum/fhirtypes';
import { wordsOf } from '../lifecycle/reasons.ts';
import { day } from './criteria/criterion.ts';

/** One organization asked: the hub's own Task to it. */
export interface Offer {
  task: Task;
  /** Logical id of the Organization asked, whoever in it owns the Task now; absent: on a shared list, of nobody. */
  organization?: string;
}

type Status = Task['status'];

const unanswered: readonly Status[] = ['draft', 'requested', 'received', 'ready'];
const taken: readonly Status[] = ['accepted', 'in-progress', 'on-hold', 'completed'];

/** Open to several organizations, of which the first to claim it has it. */
export function isListed({ owner, restriction }: Task): boolean {
  return !owner && (restriction?.recipient ?? []).length > 0;
}

export function isUnanswered({ task }: Offer): boolean {
  return unanswered.includes(task.status);
}

/** Accepted, and not given back since. */
export function isTaken({ task }: Offer): boolean {
  return taken.includes(task.status);
}

/** What came of an offer, as words without a full stop; undefined when it never counted. */
export function outcomeOf({ task }: Offer): string | undefined {
  if (task.status === 'entered-in-error') {
    return undefined;
  }
  if (unanswered.includes(task.status)) {
    return `Was asked on ${day(task.authoredOn ?? changedAt(task))} and has not answered yet`;
  }
  if (taken.includes(task.status)) {
    return 'Has accepted it';
  }
  const said = wordsOf(task.statusReason);
  return `${ended[task.status] ?? 'Is out'} on ${day(changedAt(task))}${said ? ` (${said})` : ''}`;
}

const ended: Partial<Record<Status, string>> = {
  rejected: 'Declined',
  cancelled: 'The offer ended',
  failed: 'Could not serve',
};

/** When a Task last changed: what its owner says, or else the hub. */
export function changedAt(task: Task): string {
  const at = task.lastModified ?? task.meta?.lastUpdated ?? task.authoredOn;
  if (!at) {
    throw new Error(`Task/${task.id} has no date at all`);
  }
  return at;
}
