import type {
  Appointment,
  CarePlan,
  Communication,
  Condition,
  Encounter,
  Goal,
  Observation,
  Patient,
  Resource,
  ServiceRequest,
} from '@medplum/fhirtypes';

/** Fictional people and their care, shaped and sized like what hospitals send. */

const snomed = 'http://snomed.info/sct';
const loinc = 'http://loinc.org';
const hl7 = 'http://terminology.hl7.org/CodeSystem';

const families = [
  'Alder',
  'Birch',
  'Cedar',
  'Dogwood',
  'Elm',
  'Fir',
  'Gorse',
  'Hazel',
  'Juniper',
  'Larch',
  'Maple',
  'Oak',
];
const givens = [
  'Ada',
  'Ben',
  'Cleo',
  'Dan',
  'Eve',
  'Finn',
  'Gus',
  'Hana',
  'Ines',
  'Jon',
  'Kira',
  'Leo',
  'Mina',
];

export const pick = <T>(list: readonly T[], n: number): T => list[n % list.length] as T;

const coded = (system: string, code: string, display: string) => ({
  coding: [{ system, code, display }],
  text: display,
});

/** `2024-03-07T10:15:00Z`, later with each number. */
export const moment = (n: number): string =>
  new Date(Date.UTC(2018, 0, 1) + n * 5_400_000).toISOString().replace('.000', '');

export function patient(n: number): Patient {
  const family = pick(families, n);
  const given = pick(givens, n * 7);
  return {
    resourceType: 'Patient',
    text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${given} ${family}</div>` },
    extension: [
      {
        url: 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex',
        valueCode: n % 2 ? 'F' : 'M',
      },
    ],
    identifier: [
      { system: 'urn:example:mrn', value: `MRN-${n}` },
      {
        type: coded(`${hl7}/v2-0203`, 'SS', 'Social Security Number'),
        system: 'http://hl7.org/fhir/sid/us-ssn',
        value: `999-${String(n % 100).padStart(2, '0')}-${String(n % 10_000).padStart(4, '0')}`,
      },
    ],
    name: [{ use: 'official', family, given: [given, pick(givens, n * 3 + 1)], prefix: ['Mx.'] }],
    telecom: [
      { system: 'phone', value: `555-01${String(n % 100).padStart(2, '0')}`, use: 'home' },
      { system: 'email', value: `${given}.${family}.${n}@example.org`.toLowerCase() },
    ],
    gender: n % 2 ? 'female' : 'male',
    birthDate: `${1940 + (n % 65)}-0${1 + (n % 9)}-1${n % 9}`,
    address: [
      {
        use: 'home',
        line: [`${1 + (n % 900)} ${pick(families, n + 3)} Street`],
        city: 'Springfield',
        state: 'MN',
        postalCode: `55${String(n % 1000).padStart(3, '0')}`,
        country: 'US',
      },
    ],
    maritalStatus: coded(`${hl7}/v3-MaritalStatus`, n % 3 ? 'M' : 'S', n % 3 ? 'Married' : 'Never Married'),
    communication: [{ language: coded('urn:ietf:bcp:47', 'en', 'English'), preferred: true }],
  };
}

export function encounter(n: number, subject: string): Encounter {
  return {
    resourceType: 'Encounter',
    status: 'finished',
    class: { system: `${hl7}/v3-ActCode`, code: n % 4 ? 'AMB' : 'IMP' },
    type: [coded(snomed, '185345009', 'Encounter for symptom')],
    subject: { reference: subject },
    period: { start: moment(n), end: moment(n + 1) },
    reasonCode: [coded(snomed, '35489007', 'Depressive disorder')],
  };
}

export function condition(n: number, subject: string, encounterName?: string): Condition {
  return {
    resourceType: 'Condition',
    clinicalStatus: coded(
      `${hl7}/condition-clinical`,
      n % 3 ? 'active' : 'resolved',
      n % 3 ? 'Active' : 'Resolved',
    ),
    verificationStatus: coded(`${hl7}/condition-ver-status`, 'confirmed', 'Confirmed'),
    category: [coded(`${hl7}/condition-category`, 'encounter-diagnosis', 'Encounter Diagnosis')],
    code: pick(
      [
        coded(snomed, '35489007', 'Depressive disorder'),
        coded(snomed, '197480006', 'Anxiety disorder'),
        coded(snomed, '73211009', 'Diabetes mellitus'),
      ],
      n,
    ),
    subject: { reference: subject },
    ...(encounterName ? { encounter: { reference: encounterName } } : {}),
    ...(n % 3 ? {} : { abatementDateTime: moment(n + 90) }),
    onsetDateTime: moment(n),
    recordedDate: moment(n),
  };
}

export function observation(n: number, subject: string, encounterName?: string): Observation {
  const [code, display, unit, base] = pick(
    [
      ['44261-6', 'PHQ-9 total score', '{score}', 9],
      ['8302-2', 'Body Height', 'cm', 171],
      ['29463-7', 'Body Weight', 'kg', 70],
      ['4548-4', 'Hemoglobin A1c/Hemoglobin.total in Blood', '%', 5],
    ] as const,
    n,
  );
  return {
    resourceType: 'Observation',
    status: 'final',
    category: [
      coded(
        `${hl7}/observation-category`,
        n % 4 ? 'vital-signs' : 'survey',
        n % 4 ? 'Vital Signs' : 'Survey',
      ),
    ],
    code: coded(loinc, code, display),
    subject: { reference: subject },
    ...(encounterName ? { encounter: { reference: encounterName } } : {}),
    effectiveDateTime: moment(n),
    issued: moment(n),
    valueQuantity: { value: base + (n % 10) / 4, unit, system: 'http://unitsofmeasure.org', code: unit },
  };
}

export function serviceRequest(n: number, subject: string, requester: string): ServiceRequest {
  return {
    resourceType: 'ServiceRequest',
    identifier: [{ system: 'urn:example:order', value: `ORD-${n}` }],
    status: 'active',
    intent: 'order',
    category: [coded(snomed, '410606002', 'Social service procedure')],
    priority: n % 5 ? 'routine' : 'urgent',
    code: coded(snomed, '464001000124109', 'Referral to case manager'),
    subject: { reference: subject },
    occurrencePeriod: { start: moment(n), end: moment(n + 200) },
    authoredOn: moment(n),
    requester: { reference: requester },
    reasonCode: [coded(snomed, '35489007', 'Depressive disorder')],
    note: [
      { text: 'Lives alone since the summer; asks for help with housing and with getting to appointments.' },
    ],
  };
}

export function carePlan(n: number, subject: string): CarePlan {
  return {
    resourceType: 'CarePlan',
    text: {
      status: 'generated',
      div: '<div xmlns="http://www.w3.org/1999/xhtml">Care plan for mental health.</div>',
    },
    status: 'active',
    intent: 'plan',
    category: [coded(snomed, '734163000', 'Care plan')],
    title: 'Settle in after discharge',
    subject: { reference: subject },
    period: { start: moment(n) },
    created: moment(n),
    activity: [
      {
        detail: { kind: 'Appointment', status: 'scheduled', description: 'Weekly visit by the case manager' },
      },
      {
        detail: {
          kind: 'ServiceRequest',
          status: 'not-started',
          description: 'Help with the housing application',
        },
      },
    ],
  };
}

export function goal(n: number, subject: string): Goal {
  return {
    resourceType: 'Goal',
    lifecycleStatus: 'active',
    achievementStatus: coded(`${hl7}/goal-achievement`, 'in-progress', 'In Progress'),
    priority: coded(`${hl7}/goal-priority`, 'high-priority', 'High Priority'),
    description: { text: 'Keeps every appointment for two months' },
    subject: { reference: subject },
    startDate: moment(n).slice(0, 10),
    target: [
      {
        measure: coded(loinc, '44261-6', 'PHQ-9 total score'),
        dueDate: moment(n + 900).slice(0, 10),
        detailQuantity: { value: 9, unit: '{score}' },
      },
    ],
    statusDate: moment(n).slice(0, 10),
  };
}

export function appointment(n: number, subject: string): Appointment {
  return {
    resourceType: 'Appointment',
    status: 'booked',
    serviceType: [coded(`${hl7}/service-type`, '136', 'Mental Health Case Management')],
    description: 'First visit',
    start: moment(n),
    end: moment(n + 1),
    minutesDuration: 90,
    created: moment(n),
    participant: [{ actor: { reference: subject }, required: 'required', status: 'accepted' }],
  };
}

export function communication(n: number, subject: string): Communication {
  return {
    resourceType: 'Communication',
    status: 'completed',
    category: [coded(`${hl7}/communication-category`, 'notification', 'Notification')],
    medium: [coded(`${hl7}/v3-ParticipationMode`, 'PHONE', 'telephone')],
    subject: { reference: subject },
    sent: moment(n),
    received: moment(n),
    payload: [
      { contentString: 'Called to remind of the visit tomorrow at ten; will come, and needs no ride.' },
    ],
  };
}

/** The same resource a little later in its life: what an update sends. */
export function changed<R extends Resource>(resource: R): R {
  const status = statusAfter[resource.resourceType];
  return { ...resource, language: 'en', ...(status ? { status } : {}) };
}

const statusAfter: Partial<Record<Resource['resourceType'], string>> = {
  Observation: 'amended',
  ServiceRequest: 'on-hold',
  CarePlan: 'completed',
  Appointment: 'arrived',
};
