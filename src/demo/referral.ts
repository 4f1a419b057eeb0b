import type {
  CodeableConcept,
  Organization,
  PractitionerRole,
  Reference,
  ServiceRequest,
  Task,
} from '@medplum/fhirtypes';
import { system } from '../fhir/canonical.ts';
import type { WriteOperation } from '../fhir/repository.ts';
import { concept, routingSystem } from '../referral/routing/codes.ts';
import type { Step, View } from './journey.ts';
import type { Moment } from './moments.ts';
import { organizationNamed } from './organizations.ts';
import { nameOf, type Person } from './people.ts';
import { patientOf, put } from './stay.ts';

/** What can be asked for, by SNOMED CT's names for referrals. */
const needs = {
  caseManagement: ['464001000124109', 'Referral to case manager'],
  housing: ['710911006', 'Referral to housing service'],
  work: ['308440001', 'Referral to social worker'],
} as const;

export interface Referral {
  person: Person;
  /** The ServiceRequest's and the Task's id. */
  id: string;
  from: string;
  /** An organization, or the hub's own, which finds one. */
  to: Reference<Organization>;
  planner: Reference<PractitionerRole>;
  /** The sender's EHR names the planner as the Task's requester, not the organization: both are right. */
  byPlanner?: boolean;
  need: keyof typeof needs;
  /** The need in the planner's words. */
  words: string;
  priority?: 'routine' | 'urgent';
}

/** The hub's own Organization, which looks for a place. */
export const theHub = {
  reference: 'Organization/hub',
  display: 'Warm Handoff',
} satisfies Reference<Organization>;

/** Sends a referral, or only prepares it. */
export function refer(referral: Referral, when: Moment, as: 'sent' | 'draft' = 'sent'): Step {
  return {
    when,
    as: referral.from,
    write: async ({ now }) => [put(serviceRequest(referral, now, as)), put(task(referral, now, as))],
  };
}

/** The sender closes a request whose work is done. */
export function closeRequest({ id, from }: Referral, when: Moment): Step {
  return {
    when,
    as: from,
    write: async ({ read }) => [
      put({ ...(await present(read<ServiceRequest>(`ServiceRequest/${id}`), id)), status: 'completed' }),
    ],
  };
}

async function present<T>(found: Promise<T | undefined>, id: string): Promise<T> {
  const value = await found;
  if (!value) throw new Error(`the referral ${id} is not there`);
  return value;
}

function serviceRequest(referral: Referral, now: Date, as: 'sent' | 'draft'): ServiceRequest {
  const { person, id, need, words, planner, priority = 'routine' } = referral;
  const [code, display] = needs[need];
  const covered = person.payer && referral.from === person.hospital;
  return {
    resourceType: 'ServiceRequest',
    id,
    status: as === 'draft' ? 'draft' : 'active',
    intent: 'order',
    priority,
    code: { ...concept(routingSystem.snomed, code, display), text: words },
    subject: patientOf(person),
    authoredOn: now.toISOString(),
    requester: planner,
    reasonReference: [{ reference: `Condition/${person.id}-diagnosis`, display: person.diagnosis[1] }],
    supportingInfo: [{ reference: `Encounter/${person.id}-stay`, display: 'The stay in hospital' }],
    ...(covered ? { insurance: [{ reference: `Coverage/${person.id}-coverage` }] } : {}),
  };
}

function task(referral: Referral, now: Date, as: 'sent' | 'draft'): Task {
  const { person, id, from, to, words, planner, byPlanner, priority = 'routine' } = referral;
  return {
    resourceType: 'Task',
    id,
    status: as === 'draft' ? 'draft' : 'requested',
    intent: 'order',
    priority,
    code: concept(system.taskCode, 'fulfill', 'Fulfill the focal request'),
    description: words,
    focus: { reference: `ServiceRequest/${id}` },
    for: patientOf(person),
    authoredOn: now.toISOString(),
    requester: byPlanner ? planner : organizationNamed(from),
    owner: to,
  };
}

const underWay = 'requested,accepted,in-progress,on-hold';

/** Finds the Task with which an organization was asked for a person, and writes it as it becomes. */
export async function change(
  view: View,
  asked: { person: Person; by: string },
  become: (task: Task) => Partial<Task>,
): Promise<WriteOperation> {
  const query = new URLSearchParams({ patient: `Patient/${asked.person.id}`, status: underWay });
  const tasks = await view.search<Task>('Task', query.toString());
  const found = tasks.filter(({ owner }) => isOf(asked.by, owner?.reference));
  const [task] = found;
  if (!task || found.length > 1) {
    throw new Error(`${asked.by} has ${found.length} open referrals for ${nameOf(asked.person)}, not one`);
  }
  const changed: Task = { ...task, ...become(task) };
  return { ...put(changed), ifMatch: `W/"${task.meta?.versionId}"` } as WriteOperation;
}

/** The organization, or somebody who works there. */
const isOf = (organization: string, owner = ''): boolean =>
  owner === `Organization/${organization}` || owner.startsWith(`PractitionerRole/${organization}-`);

/** A step of BSeR's business status (http://hl7.org/fhir/us/bser). */
export const bserStep = (code: string): CodeableConcept => ({
  coding: [{ system: system.bserStatus, code }],
});
