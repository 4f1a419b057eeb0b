import type { HealthcareService, Task } from '@medplum/fhirtypes';
import weights from '../../../terminology/routing-weights.json' with { type: 'json' };
import { canonical } from '../../fhir/canonical.ts';
import type { WriteOperation } from '../../fhir/repository.ts';
import { concept } from './codes.ts';
import { day, daysUntil } from './criteria/criterion.ts';
import { verifiedOn } from './facts.ts';
import { routingRules } from './rules.ts';

export const verifyTaskSystem = `${canonical}/CodeSystem/routing-task`;
export const verifyEntry = 'verify-entry';

/** So many days before an entry sinks its organization is asked. */
const askedBefore = 10;

const { verifiedDays } = routingRules(weights);

/** Whether a Task asks to confirm an entry. */
export function isVerification({ code }: Task): boolean {
  return (code?.coding ?? []).some(one => one.system === verifyTaskSystem && one.code === verifyEntry);
}

/** Whether it is time to ask: the entry sinks within the next days, or has sunk. */
export const isToBeVerified = (entry: HealthcareService, now: Date): boolean =>
  isOlderThan(verifiedDays - askedBefore, entry, now);

/** Whether nobody has confirmed the entry for so long that it sinks in the ranking. */
export const hasSunk = (entry: HealthcareService, now: Date): boolean =>
  isOlderThan(verifiedDays, entry, now);

function isOlderThan(days: number, entry: HealthcareService, now: Date): boolean {
  const on = verifiedOn(entry);
  return on !== undefined && -daysUntil(on, now) > days;
}

/** The Task that asks the organization to confirm its entry. */
export function askToVerify(
  entry: HealthcareService,
  { now, hubOrganization }: { now: Date; hubOrganization: string },
): WriteOperation[] {
  const owner = entry.providedBy?.reference;
  if (!owner?.startsWith('Organization/') || !entry.id) return [];
  const on = verifiedOn(entry) ?? '';
  const task: Task = {
    resourceType: 'Task',
    status: 'requested',
    intent: 'order',
    code: concept(verifyTaskSystem, verifyEntry, 'Confirm an entry of the directory'),
    description: `Is this entry still right? It was last confirmed on ${day(on)}; after ${verifiedDays} days it sinks in the ranking. Correct it where it is not, then confirm it.`,
    focus: { reference: `HealthcareService/${entry.id}`, ...(entry.name ? { display: entry.name } : {}) },
    authoredOn: now.toISOString(),
    requester: { reference: `Organization/${hubOrganization}` },
    owner: { reference: owner },
  };
  return [{ kind: 'create', resource: task }];
}
