/// <reference lib="esnext.temporal" />
import type { Coding, Condition, Encounter } from '@medplum/fhirtypes';
import { plannedEnd } from '../../../../care/follow-up/stay.ts';
import { HubError, type Problem } from '../../../../errors.ts';
import { system } from '../../../../fhir/canonical.ts';
import type { WriteOperation } from '../../../../fhir/repository.ts';
import { dateAt } from '../../../../referral/clocks/calendar.ts';
import { concept } from '../../../../referral/routing/codes.ts';
import { dateIn } from '../register/person-form.ts';
import { momentIn } from './moments.ts';

export const stayFields = ['kind', 'admitted', 'ward', 'expected', 'reason'] as const;

export type StayFields = Readonly<Record<(typeof stayFields)[number], string>>;

/** What the stay is for: it decides whether a visit within seven days is followed. */
export const stayKinds = [
  { value: 'psychiatric', label: 'Psychiatric' },
  { value: 'other', label: 'Other' },
] as const;

interface Place {
  organization: string;
  patient: string;
  zone: string;
  now: Date;
}

const actCode = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
const hl7 = (name: string) => `http://terminology.hl7.org/CodeSystem/${name}`;
const fullUrl = (name: string) => `urn:uuid:stay-${name}`;

/** The stay that was typed in, with its diagnoses, as one commit; HubError('invalid') with a problem for each field. */
export function stayIn(fields: StayFields, diagnoses: readonly Coding[], place: Place): WriteOperation[] {
  const { kind, admitted, ward, expected, reason } = fields;
  const start = momentIn(admitted, place.zone);
  const problems = problemsIn(fields, start, place);
  if (!start || problems.length > 0) throw new HubError('invalid', problems);
  const subject = { reference: `Patient/${place.patient}` };
  const conditions = diagnoses.map((coding, at) => ({ coding, url: fullUrl(`diagnosis-${at}`) }));
  const about = conditions.map(({ url }) => ({ reference: url }));
  const psychiatric = kind === 'psychiatric';
  const encounter: Encounter = {
    resourceType: 'Encounter',
    ...(expected ? { extension: [{ url: plannedEnd, valueDateTime: expected }] } : {}),
    status: 'in-progress',
    class: { system: actCode, code: 'IMP', display: 'inpatient encounter' },
    type: [{ text: psychiatric ? 'Inpatient psychiatry' : 'Inpatient stay' }],
    ...(psychiatric
      ? { serviceType: concept(system.serviceType, '138', 'Mental Health Inpatient Services') }
      : {}),
    subject,
    period: { start: start.toISOString() },
    ...(reason ? { reasonCode: [{ text: reason }] } : {}),
    ...(about.length > 0 ? { reasonReference: about } : {}),
    ...(about.length > 0 ? { diagnosis: about.map(condition => ({ condition })) } : {}),
    ...(ward ? { location: [{ location: { display: ward } }] } : {}),
    serviceProvider: { reference: `Organization/${place.organization}` },
  };
  return [
    { kind: 'create', resource: encounter, fullUrl: fullUrl('itself') },
    ...conditions.map(({ coding, url }) => ({
      kind: 'create' as const,
      resource: diagnosis(coding, subject, place.now),
      fullUrl: url,
    })),
  ];
}

const diagnosis = (coding: Coding, subject: Condition['subject'], now: Date): Condition => ({
  resourceType: 'Condition',
  clinicalStatus: concept(hl7('condition-clinical'), 'active', 'Active'),
  verificationStatus: concept(hl7('condition-ver-status'), 'confirmed', 'Confirmed'),
  category: [concept(hl7('condition-category'), 'encounter-diagnosis', 'Encounter Diagnosis')],
  code: { coding: [coding] },
  subject,
  encounter: { reference: fullUrl('itself') },
  recordedDate: now.toISOString(),
});

function problemsIn(fields: StayFields, start: Date | undefined, { now, zone }: Place): Problem[] {
  const checks: [boolean, string, string][] = [
    [!stayKinds.some(({ value }) => value === fields.kind), 'kind', 'Choose one.'],
    [!start, 'admitted', 'Say when they were admitted.'],
    [
      start !== undefined && start > now,
      'admitted',
      'This is still to come. The stay begins when they are there.',
    ],
  ];
  const wrong = start && fields.expected ? expectedProblem(fields.expected, start, zone) : undefined;
  return [
    ...checks.flatMap(([is, expression, text]) => (is ? [{ expression, text }] : [])),
    ...(wrong ? [{ expression: 'expected', text: wrong }] : []),
  ];
}

/** What is wrong with a day on which somebody is expected to leave. */
export function expectedProblem(text: string, start: Date, zone: string): string | undefined {
  const day = dateIn(text);
  if (!day || text.length !== 10) return 'Say the day.';
  if (Temporal.PlainDate.compare(day, dateAt(start, zone)) < 0) return 'This is before the stay began.';
  return day.since(dateAt(start, zone)).days > 3650
    ? 'This is more than ten years after the stay began.'
    : undefined;
}
