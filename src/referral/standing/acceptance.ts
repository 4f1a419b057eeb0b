import type {
  CarePlan,
  CareTeam,
  CareTeamParticipant,
  Coding,
  EpisodeOfCare,
  Goal,
  Reference,
  ServiceRequest,
  Task,
} from '@medplum/fhirtypes';
import { goalsFrom } from '../../care/case-start/goals.ts';
import type { CaseMaterial } from '../../care/case-start/material.ts';
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
  /** What the packet holds for the case. */
  material: CaseMaterial;
  now: Date;
}

/**
 * What an accepted referral brings together at the receiver, in its name: a planned EpisodeOfCare, a CareTeam, a draft
 * CarePlan whose first activity is the referral, and a proposed Goal for each problem. They are filled from the packet,
 * refer to each other by URNs derived from the Task, and carry the labels of the request.
 */
export function standingFrom(acceptance: Acceptance): WriteOperation[] {
  const { task, request, target } = acceptance;
  const subject = request.subject as Reference<EpisodePatient>;
  if (!subject.reference?.startsWith('Patient/')) return [];
  const make = (resource: EpisodeOfCare | CareTeam | CarePlan | Goal, fullUrl: string): WriteOperation => ({
    kind: 'create',
    fullUrl,
    inNameOf: target,
    resource: {
      ...resource,
      ...(request.meta?.security ? { meta: { security: request.meta.security } } : {}),
    },
  });
  const goals = goalsFrom(acceptance.material, subject);
  const goalUrn = (at: number) => urnOf(task, `Goal-${at}`);
  const planned = [...acceptance.material.goals, ...goals.map((_, at) => ({ reference: goalUrn(at) }))];
  return [
    make(team(acceptance, subject), urnOf(task, 'CareTeam')),
    make(episode(acceptance, subject), urnOf(task, 'EpisodeOfCare')),
    make(plan(acceptance, subject, planned), urnOf(task, 'CarePlan')),
    ...goals.map((goal, at) => make(goal, goalUrn(at))),
  ];
}

type EpisodePatient = NonNullable<EpisodeOfCare['patient']> extends Reference<infer R> ? R : never;

const organization = (id: string) => ({ reference: `Organization/${id}` });

function episode(
  { task, request, target, material, now }: Acceptance,
  patient: Reference<EpisodePatient>,
): EpisodeOfCare {
  return {
    resourceType: 'EpisodeOfCare',
    status: 'planned',
    patient,
    managingOrganization: organization(target),
    referralRequest: [{ reference: `ServiceRequest/${request.id}` }],
    ...(material.problems.length
      ? { diagnosis: material.problems.map(({ reference }) => ({ condition: { reference } })) }
      : {}),
    period: { start: now.toISOString() },
    team: [{ reference: urnOf(task, 'CareTeam') }],
  };
}

function team(
  { task, target, planner, material, now }: Acceptance,
  subject: Reference<EpisodePatient>,
): CareTeam {
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
      ...material.family.map(one => participant('family', 'Family or other support', one)),
    ],
    managingOrganization: [organization(target)],
  };
}

function plan(
  { task, request, target, material, now }: Acceptance,
  subject: Reference<EpisodePatient>,
  goals: readonly Reference[],
): CarePlan {
  const addresses = material.problems.map(({ reference }) => ({ reference }));
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
    ...(addresses.length ? { addresses } : {}),
    ...(material.informing.length ? { supportingInfo: [...material.informing] } : {}),
    ...(goals.length ? { goal: goals as NonNullable<CarePlan['goal']> } : {}),
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
