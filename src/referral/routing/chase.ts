import type { Annotation, Task } from '@medplum/fhirtypes';
import { canonical } from '../../fhir/canonical.ts';
import type { WriteOperation } from '../../fhir/repository.ts';
import { nextStepOf } from '../lifecycle/next-step.ts';
import { hubReason } from '../lifecycle/reasons.ts';
import { isOffered } from '../lifecycle/state.ts';
import { changed } from './changed.ts';
import { isListed } from './offers.ts';

/** Marks the note that reminds, so that nobody is reminded twice (profiles/offer-reminder.json). */
export const reminderExtension = `${canonical}/StructureDefinition/offer-reminder`;

/**
 * What the hub writes about an offer that has not been answered: a reminder at half of its time, and its end when
 * the time is over, whoever made the offer. It stands until the answer is due (`next-step`): no later than
 * `restriction.period.end`, but for the time that a question takes, in which the clock stands still. `half`: when half
 * of it is over, where its time is not simply what passes.
 */
export function planChase(task: Task, hub: string, now: Date, half?: Date): WriteOperation[] {
  const end = endOf(task);
  if (!isOffered(task) || !(task.owner || isListed(task)) || end === undefined) return [];
  const from = Date.parse(task.authoredOn ?? '');
  const until = Date.parse(end);
  if (now.getTime() >= until) {
    return [
      changed(task, {
        status: 'cancelled',
        statusReason: hubReason('offer-expired', 'No answer came in time'),
      }),
    ];
  }
  const due = Number.isNaN(from) || now.getTime() >= (half?.getTime() ?? from + (until - from) / 2);
  return due && !wasReminded(task)
    ? [changed(task, { note: [...(task.note ?? []), reminder(end, hub, now)] })]
    : [];
}

export function wasReminded({ note }: Task): boolean {
  return (note ?? []).some(({ extension }) => extension?.some(({ url }) => url === reminderExtension));
}

/** Until when the offer stands; undefined while a question waits for its answer. */
function endOf(task: Task): string | undefined {
  const step = nextStepOf(task);
  if (step?.action === 'provide-information') return undefined;
  const end = step?.action === 'answer' ? step.due : task.restriction?.period?.end;
  return Number.isNaN(Date.parse(end ?? '')) ? undefined : end;
}

function reminder(end: string, hub: string, now: Date): Annotation {
  return {
    extension: [{ url: reminderExtension, valueBoolean: true }],
    authorReference: { reference: `Organization/${hub}` },
    time: now.toISOString(),
    text: `Reminder: this referral waits for an answer until ${end}. Without one the offer ends then.`,
  };
}
