import type { Communication, Patient } from '@medplum/fhirtypes';
import type { Relationships } from './relationships.ts';

const base = 'https://warmhandoff.example/fhir';
/** What a Communication that emergency access rests on is called. */
export const emergencyCategory = {
  system: `${base}/CodeSystem/communication-category`,
  code: 'emergency-access',
} as const;
const period = `${base}/StructureDefinition/emergency-access-period`;
const purposes = 'http://terminology.hl7.org/CodeSystem/v3-ActReason';

/** Purposes that open a record in an emergency (https://terminology.hl7.org/CodeSystem-v3-ActReason.html). */
export const emergencyPurposes = ['ETREAT', 'BTG'] as const;

export type EmergencyPurpose = (typeof emergencyPurposes)[number];

/**
 * Emergency access is a Communication of the hub: it tells the organization that keeps the person's record who
 * opened it, why and for how long, and the access rests on it. One cannot be without the other.
 */
export function emergencyAccess(of: {
  patient: Patient;
  /** Organization that opens the record, and the one that keeps it (ids). */
  organization: string;
  keeper: string;
  purpose: EmergencyPurpose;
  reason: string;
  now: Date;
  hours: number;
}): Communication {
  const start = of.now.toISOString();
  const end = new Date(of.now.getTime() + of.hours * 3_600_000).toISOString();
  return {
    resourceType: 'Communication',
    extension: [{ url: period, valuePeriod: { start, end } }],
    status: 'completed',
    category: [{ coding: [{ ...emergencyCategory, display: 'Emergency access' }] }],
    priority: 'stat',
    subject: { reference: `Patient/${of.patient.id}` },
    topic: { text: 'The record was opened in an emergency' },
    sent: start,
    recipient: [{ reference: `Organization/${of.keeper}` }],
    sender: { reference: `Organization/${of.organization}` },
    reasonCode: [{ coding: [{ system: purposes, code: of.purpose }] }],
    payload: [{ contentString: of.reason }],
  };
}

/** Whether a Communication is one that emergency access rests on; only the hub's own are. */
export const isEmergencyAccess = (communication: Communication): boolean =>
  (communication.category ?? []).some(({ coding }) =>
    coding?.some(
      ({ system, code }) => system === emergencyCategory.system && code === emergencyCategory.code,
    ),
  );

/** Until when the access holds (ISO instant), if it says so. */
export const emergencyEnds = ({ extension = [] }: Communication): string | undefined =>
  extension.find(({ url }) => url === period)?.valuePeriod?.end;

/** The whole record with all its labels, until the period ends; both parties keep the Communication. */
export function ofEmergency(communication: Communication): Relationships {
  const patient = idOf(communication.subject?.reference, 'Patient');
  const sender = idOf(communication.sender?.reference, 'Organization');
  const ends = Date.parse(emergencyEnds(communication) ?? '');
  const readers = [communication.sender, ...(communication.recipient ?? [])].flatMap(
    one => idOf(one?.reference, 'Organization') ?? [],
  );
  const self = `Communication/${communication.id}`;
  return {
    relations:
      patient && sender && !Number.isNaN(ends) ? [{ patient, org: sender, ends, emergency: true }] : [],
    parties: readers.map(org => ({ reference: self, org, ends: null })),
  };
}

function idOf(reference: string | undefined, type: string): string | undefined {
  const [named, id] = reference?.split('/') ?? [];
  return named === type ? id : undefined;
}
