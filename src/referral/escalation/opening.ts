import type { HealthcareService, Task } from '@medplum/fhirtypes';
import type { WriteOperation } from '../../fhir/repository.ts';
import { nextStepOf } from '../lifecycle/next-step.ts';
import { noticeTo } from '../notices/notice.ts';
import { changed } from '../routing/changed.ts';
import { serviceExtension } from '../routing/directory-entries.ts';
import { byTurn, isWaitlisted } from '../working/waitlist.ts';
import { climbedOf, withClimbed } from './climbed.ts';

/** Whether a service says that it can take somebody. */
export function hasOpening(service: HealthcareService): boolean {
  const capacity = service.extension?.find(({ url }) => url === serviceExtension.capacity)?.extension;
  return (
    service.active !== false &&
    capacity?.find(({ url }) => url === 'status')?.valueCoding?.code === 'capacity'
  );
}

export interface OpeningSetting {
  /** PractitionerRole ids of the organization that want to be told at once. */
  wishing: readonly string[];
  hub: string;
  now: Date;
}

/**
 * What the hub writes because there is an opening: the first on the list is named to the organization, once for each
 * time that it is looked at; who comes after is named when the first has left the list.
 */
export function planOpening(
  waiting: readonly Task[],
  { wishing, hub, now }: OpeningSetting,
): WriteOperation[] {
  const [first] = waiting.filter(isWaitlisted).sort(byTurn);
  const step = first && nextStepOf(first);
  if (!first || step?.action !== 'review-hold') return [];
  const climbed = climbedOf(first);
  if (climbed.some(({ rung, due }) => rung === 'opening' && due === step.due)) return [];
  const at = now.toISOString();
  const text =
    'There is an opening, and this person is the first on the waiting list: resume the referral and make an appointment, or say why not.';
  return [
    changed(first, {
      extension: withClimbed(first, [
        ...climbed,
        { rung: 'opening', action: step.action, due: step.due, at },
      ]),
      note: [
        ...(first.note ?? []),
        { authorReference: { reference: `Organization/${hub}` }, time: at, text },
      ],
    }),
    ...wishing.map(role => noticeTo(role, `${first.id}/opening/${step.due}`, hub, now)),
  ];
}
