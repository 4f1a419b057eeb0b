import type { Annotation, Task } from '@medplum/fhirtypes';
import { canonical } from '../../fhir/canonical.ts';
import type { WriteOperation } from '../../fhir/repository.ts';
import { hubReason } from '../lifecycle/reasons.ts';
import { isOffered } from '../lifecycle/state.ts';
import { changed } from './changed.ts';

/** Marks the note that reminds, so that nobody is reminded twice (profiles/offer-reminder.json). */
export const reminderExtension = `${canonical}/StructureDefinition/offer-reminder`;

/**
 * What the hub writes about an offer that has not been answered: a reminder at half of its time, and its end
 * when the time is over. Only for a Task that says until when it stands (`restriction.period.end`).
 */
export function planChase(task: Task, hub: string, now: Date): WriteOperation[] {
  const [from, until] = [task.authoredOn, task.restriction?.period?.end].map(at => Date.parse(at ?? ''));
  if (!isOffered(task) || !task.owner || from === undefined || until === undefined || Number.isNaN(until)) {
    return [];
  }
  if (now.getTime() >= until) {
    return [
      changed(task, {
        status: 'cancelled',
        statusReason: hubReason('offer-expired', 'No answer came in time'),
      }),
    ];
  }
  const due = Number.isNaN(from) || now.getTime() >= from + (until - from) / 2;
  return due && !wasReminded(task)
    ? [changed(task, { note: [...(task.note ?? []), reminder(task, hub, now)] })]
    : [];
}

function wasReminded({ note }: Task): boolean {
  return (note ?? []).some(({ extension }) => extension?.some(({ url }) => url === reminderExtension));
}

function reminder({ restriction }: Task, hub: string, now: Date): Annotation {
  return {
    extension: [{ url: reminderExtension, valueBoolean: true }],
    authorReference: { reference: `Organization/${hub}` },
    time: now.toISOString(),
    text: `Reminder: this referral waits for an answer until ${restriction?.period?.end}. Without one it goes to another organization.`,
  };
}
