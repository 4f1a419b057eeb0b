import type { Resource } from '@medplum/fhirtypes';
import { extension } from '../fhir/canonical.ts';
import type { WorkRow } from '../store/types.ts';

/** The board row of a referral Task: on the board of whose turn it is, by its due time. */
export function workOf(resource: Resource): WorkRow[] {
  if (resource.resourceType !== 'Task') return [];
  const step = resource.extension?.find(one => one.url === extension.nextStep)?.extension ?? [];
  const turn = step.find(one => one.url === 'turn')?.valueReference?.reference;
  const due = step.find(one => one.url === 'due')?.valueDateTime;
  if (!turn?.startsWith('Organization/') || !due) return [];
  return [{ owner: turn.slice('Organization/'.length), status: resource.status, due: Date.parse(due) }];
}
