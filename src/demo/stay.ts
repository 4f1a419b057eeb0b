import type { Condition, Coverage, Encounter, Patient, Reference, Resource } from '@medplum/fhirtypes';
import { plannedEnd } from '../care/follow-up/stay.ts';
import type { WriteOperation } from '../fhir/repository.ts';
import { concept } from '../referral/routing/codes.ts';
import { homeIn, phone } from './county.ts';
import type { Step, View } from './journey.ts';
import { dayFrom } from './moments.ts';
import { organizationNamed } from './organizations.ts';
import type { Person } from './people.ts';
import { languages } from './services.ts';

const hl7 = (name: string) => `http://terminology.hl7.org/CodeSystem/${name}`;

/** A person comes to the hospital's psychiatric ward, and where the stay is over, leaves it. */
export function stay(person: Person): Step[] {
  const { hospital, admitted, discharged } = person;
  const admit: Step = {
    when: admitted,
    as: hospital,
    write: async ({ now }) => admission(person, now).map(put),
  };
  if (!discharged) return [admit];
  return [admit, { when: discharged, as: hospital, write: view => discharge(person, view) }];
}

async function discharge(
  { id, disposition = 'home' }: Person,
  { read, now }: View,
): Promise<WriteOperation[]> {
  const encounter = await read<Encounter>(`Encounter/${id}-stay`);
  if (!encounter) throw new Error(`Encounter/${id}-stay is not there`);
  const left = concept(hl7('discharge-disposition'), disposition, dispositions[disposition]);
  return [
    put({
      ...encounter,
      status: 'finished',
      period: { ...encounter.period, end: now.toISOString() },
      hospitalization: { dischargeDisposition: left },
    }),
  ];
}

export function put(resource: Resource): WriteOperation {
  const { resourceType: type, id } = resource;
  if (!id) throw new Error(`a ${type} of the demo network has no id`);
  return { kind: 'update', type, id, resource };
}

function admission(person: Person, now: Date): Resource[] {
  const covered = person.payer ? [coverage(person, person.payer)] : [];
  return [patient(person), condition(person, now), ...covered, encounter(person, now)];
}

const dispositions = { home: 'Home', aadvice: 'Left against advice', oth: 'Other' } as const;

/** Without a display: who may not read the Patient shall not learn the name from a reference either. */
export const patientOf = ({ id }: Person): Reference<Patient> => ({ reference: `Patient/${id}` });

function patient(person: Person): Patient {
  const { id, hospital, given, family, home } = person;
  return {
    resourceType: 'Patient',
    id,
    identifier: [{ system: `https://${hospital}.example/mrn`, value: `MRN-${id}` }],
    active: true,
    name: [{ use: 'official', family, given: [given] }],
    ...(person.phone ? { telecom: [phone(person.phone, 'mobile')] } : {}),
    gender: person.gender,
    birthDate: person.birthDate,
    ...(home ? { address: [homeIn(home.town, home.street)] } : {}),
    communication: [{ language: languages[person.language], preferred: true }],
    managingOrganization: organizationNamed(hospital),
  };
}

function condition(person: Person, now: Date): Condition {
  const [code, display] = person.diagnosis;
  return {
    resourceType: 'Condition',
    id: `${person.id}-diagnosis`,
    clinicalStatus: concept(hl7('condition-clinical'), 'active', 'Active'),
    verificationStatus: concept(hl7('condition-ver-status'), 'confirmed', 'Confirmed'),
    category: [concept(hl7('condition-category'), 'encounter-diagnosis', 'Encounter Diagnosis')],
    code: concept('http://hl7.org/fhir/sid/icd-10-cm', code, display),
    subject: patientOf(person),
    encounter: { reference: `Encounter/${person.id}-stay` },
    recordedDate: now.toISOString(),
  };
}

type PayerKind = NonNullable<Person['payer']>['kind'];

const coverageTypes: Record<PayerKind, readonly [code: string, display: string]> = {
  medicaid: ['SUBSIDIZ', 'subsidized health program'],
  medicare: ['RETIRE', 'retiree health program'],
  private: ['EHCPOL', 'extended healthcare'],
};

function coverage(person: Person, payer: NonNullable<Person['payer']>): Coverage {
  return {
    resourceType: 'Coverage',
    id: `${person.id}-coverage`,
    status: 'active',
    type: concept(hl7('v3-ActCode'), ...coverageTypes[payer.kind]),
    beneficiary: patientOf(person),
    payor: [organizationNamed(payer.organization)],
  };
}

function encounter(person: Person, now: Date): Encounter {
  const diagnosis = { reference: `Condition/${person.id}-diagnosis` };
  return {
    resourceType: 'Encounter',
    id: `${person.id}-stay`,
    ...(person.expectedDays === undefined
      ? {}
      : { extension: [{ url: plannedEnd, valueDateTime: dayFrom(now, person.expectedDays) }] }),
    status: 'in-progress',
    class: { system: hl7('v3-ActCode'), code: 'IMP', display: 'inpatient encounter' },
    serviceType: concept(hl7('service-type'), '138', 'Mental Health Inpatient Services'),
    subject: patientOf(person),
    period: { start: now.toISOString() },
    reasonReference: [diagnosis],
    diagnosis: [{ condition: diagnosis, use: concept(hl7('diagnosis-role'), 'DD', 'Discharge diagnosis') }],
    serviceProvider: organizationNamed(person.hospital),
  };
}
