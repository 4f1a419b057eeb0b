import type {
  CarePlan,
  CareTeam,
  CareTeamParticipant,
  Coding,
  EpisodeOfCare,
  Reference,
  ServiceRequest,
  Task,
} from '@medplum/fhirtypes';
import { system } from '../../fhir/canonical.ts';
import type { WriteOperation } from '../../fhir/repository.ts';

/** An accepted referral to an organization that treats people. */
export interface Acceptance {
  task: Task;
  /** The ServiceRequest that the receiver sees. */
  request: ServiceRequest;
  /** Logical id of the receiver's Organization. */
  target: string;
  /** Who planned: the requester of the sender's own Task. */
  planner: Reference | undefined;
  now: Date;
}

/**
 * What an accepted referral brings together at the receiver, in its name: a planned EpisodeOfCare, a CareTeam, and a
 * draft CarePlan whose first activity is the referral. They refer to each other by URNs derived from the Task, and
 * carry the labels of the request.
 */
export function standingFrom(acceptance: Acceptance): WriteOperation[] {
  const { task, request, target } = acceptance;
  const subject = request.subject as Reference<EpisodePatient>;
  if (!subject.reference?.startsWith('Patient/')) return [];
  const make = (resource: EpisodeOfCare | CareTeam | CarePlan): WriteOperation => ({
    kind: 'create',
    fullUrl: urnOf(task, resource.resourceType),
    inNameOf: target,
    resource: {
      ...resource,
      ...(request.meta?.security ? { meta: { security: request.meta.security } } : {}),
    },
  });
  return [
    make(team(acceptance, subject)),
    make(episode(acceptance, subject)),
    make(plan(acceptance, subject)),
  ];
}

type EpisodePatient = NonNullable<EpisodeOfCare['patient']> extends Reference<infer R> ? R : never;

const organization = (id: string) => ({ reference: `Organization/${id}` });

function episode(
  { task, request, target, now }: Acceptance,
  patient: Reference<EpisodePatient>,
): EpisodeOfCare {
  return {
    resourceType: 'EpisodeOfCare',
    status: 'planned',
    patient,
    managingOrganization: organization(target),
    referralRequest: [{ reference: `ServiceRequest/${request.id}` }],
    period: { start: now.toISOString() },
    team: [{ reference: urnOf(task, 'CareTeam') }],
  };
}

function team({ task, target, planner, now }: Acceptance, subject: Reference<EpisodePatient>): CareTeam {
  const contact = memberOf(task.owner) ?? organization(target);
  const referrer = memberOf(planner);
  return {
    resourceType: 'CareTeam',
    status: 'active',
    subject,
    period: { start: now.toISOString() },
    participant: [
      ...(referrer ? [participant('referrer', 'Referrer', referrer)] : []),
      participant('intake-contact', 'Intake contact', contact),
    ],
    managingOrganization: [organization(target)],
  };
}

function plan({ task, request, target, now }: Acceptance, subject: Reference<EpisodePatient>): CarePlan {
  const addresses = (request.reasonReference ?? []).filter(one => one.reference?.startsWith('Condition/'));
  return {
    resourceType: 'CarePlan',
    status: 'draft',
    intent: 'plan',
    category: [
      {
        coding: [{ system: 'http://hl7.org/fhir/us/core/CodeSystem/careplan-category', code: 'assess-plan' }],
      },
    ],
    subject,
    created: now.toISOString(),
    author: organization(target),
    careTeam: [{ reference: urnOf(task, 'CareTeam') }],
    ...(addresses.length ? { addresses: addresses as NonNullable<CarePlan['addresses']> } : {}),
    activity: [{ reference: { reference: `ServiceRequest/${request.id}` } }],
  };
}

/** A participant of a care team in one of the hub's roles. */
export function participant(code: string, display: string, member: Reference): CareTeamParticipant {
  const role: Coding = { system: system.careTeamRole, code, display };
  return { role: [{ coding: [role] }], member: member as NonNullable<CareTeamParticipant['member']> };
}

/** Only some of who may own or request a Task can be a member of a team. */
function memberOf(reference: Reference | undefined): Reference | undefined {
  const type = reference?.reference?.split('/')[0] ?? '';
  const can = ['Practitioner', 'PractitionerRole', 'RelatedPerson', 'Patient', 'Organization', 'CareTeam'];
  return can.includes(type) ? reference : undefined;
}

/** A name within the commit alone. The same Task gives the same, so that a write prepared twice is the same. */
const urnOf = (task: Task, type: string): string => `urn:uuid:${type}-of-${task.id}`;
