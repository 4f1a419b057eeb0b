import { isDeepStrictEqual } from 'node:util';
import type { GuidanceResponse, Resource, Task } from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import { canonical } from '../../fhir/canonical.ts';
import type { WriteOperation } from '../../fhir/repository.ts';
import type { Change, RuleContext, WriteRule } from '../../fhir/write/rules.ts';
import { dueAt } from '../lifecycle/due.ts';
import { askerOf, factsOf, openTypesOf } from './read-answer.ts';

const taskSystem = `${canonical}/CodeSystem/case-task`;

/** Types of resources that criteria look at. */
const facts = [
  'Patient',
  'Condition',
  'Encounter',
  'Observation',
  'Appointment',
  'Coverage',
  'RiskAssessment',
  'Procedure',
  'MedicationRequest',
  'MedicationStatement',
] as const;

/**
 * A changed fact re-opens the answers that rest on it: each is marked, and a Task asks its organization to check again.
 * What is new re-opens an answer that is not yes and that it could turn, and only for who writes it: nobody learns from
 * a Task that others have written something.
 */
export const reopenRule: WriteRule = {
  types: facts,
  apply: async (change, context) => ({ also: change.actor.importing ? [] : await reopen([change], context) }),
};

/** What re-opens the answers that changes made together concern. */
export async function reopen(changes: readonly Change[], context: RuleContext): Promise<WriteOperation[]> {
  const telling = changes.filter(change => !isNewPerson(change) && !sameFact(change));
  const patients = new Set(telling.map(personOf).filter(person => person !== undefined));
  const also: WriteOperation[] = [];
  for (const patient of patients) {
    const answers = await context.referring<GuidanceResponse>('GuidanceResponse', 'patient', patient);
    for (const answer of answers.filter(isClosed)) {
      const cause = telling.find(change => concerns(answer, change));
      if (cause) also.push(...reopened(answer, cause, context));
    }
  }
  return also;
}

/** An answer says whose it is: only its organization's own, for a Task asks it to check again. */
export const answerRule: WriteRule = {
  types: ['GuidanceResponse'],
  async apply({ after, source }) {
    const asker = after && askerOf(after as GuidanceResponse);
    if (asker === undefined || asker === source) return {};
    throw new HubError('unprocessable', {
      text: 'The first note of a GuidanceResponse is of the organization that asked: name your own, or nobody.',
      expression: 'GuidanceResponse.note[0].author',
    });
  },
};

const isNewPerson = ({ before, after }: Change): boolean => !before && after?.resourceType === 'Patient';

/** Meta and narrative are no facts. */
function sameFact({ before, after }: Change): boolean {
  const fact = (resource: Resource | undefined) =>
    resource && { ...resource, meta: undefined, text: undefined };
  return isDeepStrictEqual(fact(before), fact(after));
}

function personOf({ id, before, after }: Change): string | undefined {
  const resource = (after ?? before) as Resource & {
    subject?: { reference?: string };
    patient?: { reference?: string };
    beneficiary?: { reference?: string };
    participant?: { actor?: { reference?: string } }[];
  };
  if (resource.resourceType === 'Patient') return `Patient/${id}`;
  const actors = (resource.participant ?? []).map(one => one.actor);
  const named = [resource.subject, resource.patient, resource.beneficiary, ...actors];
  return named.map(one => one?.reference).find(one => one?.startsWith('Patient/'));
}

const isClosed = ({ status }: GuidanceResponse): boolean =>
  status === 'success' || status === 'data-required';

function concerns(answer: GuidanceResponse, { id, source, before, after }: Change): boolean {
  const type = (after ?? before)?.resourceType ?? '';
  if (before && factsOf(answer).includes(`${type}/${id}`)) return true;
  return after !== undefined && askerOf(answer) === source && openTypesOf(answer).includes(type);
}

function reopened(
  answer: GuidanceResponse,
  { id, before, after }: Change,
  { now, hubOrganization }: RuleContext,
): WriteOperation[] {
  const asker = askerOf(answer);
  if (!answer.id || !asker) return [];
  const type = (after ?? before)?.resourceType;
  const what = before ? `${type}/${id} has changed` : `A new ${type} has been recorded`;
  const text = `${what} since: check again.`;
  const at = now.toISOString();
  const note = { authorReference: { reference: `Organization/${hubOrganization}` }, time: at, text };
  const task: Task = {
    resourceType: 'Task',
    ...(answer.meta?.security ? { meta: { security: answer.meta.security } } : {}),
    status: 'requested',
    intent: 'order',
    code: { coding: [{ system: taskSystem, code: 'check-eligibility', display: 'Check eligibility again' }] },
    description: `Check eligibility again: ${text}`,
    focus: { reference: `GuidanceResponse/${answer.id}` },
    ...(answer.subject ? { for: answer.subject } : {}),
    authoredOn: at,
    owner: { reference: `Organization/${asker}` },
    restriction: { period: { end: dueAt('decide', 'routine', now).toISOString() } },
  };
  const marked: GuidanceResponse = { ...answer, status: 'in-progress', note: [...(answer.note ?? []), note] };
  return [
    { kind: 'update', type: 'GuidanceResponse', id: answer.id, resource: marked },
    { kind: 'create', resource: task, inNameOf: asker },
  ];
}
