import type {
  Coverage,
  HealthcareService,
  Location,
  Organization,
  Patient,
  ServiceRequest,
  Task,
} from '@medplum/fhirtypes';
import { system } from '../../src/fhir/canonical.ts';
import { concept, routingSystem, serviceType } from '../../src/referral/routing/codes.ts';
import {
  acceptedPayer,
  ageRange,
  catchmentArea,
  serviceExtension,
  spoken,
} from '../../src/referral/routing/directory-entries.ts';
import { type CapacityStatement, confirmed, withCapacity } from '../../src/referral/routing/statements.ts';
import type { County } from './geography.ts';
import type { Place } from './places.ts';
import type { Referral } from './referrals.ts';
import type { Service } from './services.ts';

/** The network in FHIR, as the hub has it: the pure functions and the whole hub read the same entries. */
type Named<R> = R & { id: string };

const state = 'XS';
const payerSystem = 'urn:example:payer';
const typeNames: Record<string, string> = {
  '136': 'Mental Health Case Management',
  '141': 'Psychiatry (Requires Referral)',
  '135': 'Mental Health Assess/Triage/Crisis Response',
  '105': 'Alcohol/Other Drug Counselling',
  '128': 'Housing Information/Referral',
  '127': 'Homelessness Support',
  '548': 'Food Relief/Food/Meals',
  '230': 'Patient Transport',
  '224': 'Support Groups',
  '118': 'Employment Placement and/or Support',
};
const typeOf = (code: string) => serviceType(code, typeNames[code] ?? code);
const payer = (name: string) => ({ coding: [{ system: payerSystem, code: name }], text: name });
const organizationRef = (id: string) => ({ reference: `Organization/${id}` });

export const hospitalId = (hospital: number): string => `hospital-${hospital}`;
const patientId = ({ index }: Referral): string => `person-${index}`;
export const patientRef = (referral: Referral): string => `Patient/${patientId(referral)}`;

export const hospitalEntry = (hospital: number): Named<Organization> => ({
  resourceType: 'Organization',
  id: hospitalId(hospital),
  active: true,
  name: `Hospital ${hospital}`,
  type: [{ coding: [{ system: 'http://nucc.org/provider-taxonomy', code: '283Q00000X' }] }],
});

export const areaEntry = (county: County): Named<Location> => ({
  ...catchmentArea({ name: county.name, state, county: county.name }),
  id: `area-${county.index}`,
});

export const organizationEntry = ({ id, name, kind }: Place): Named<Organization> => ({
  resourceType: 'Organization',
  id,
  active: true,
  name,
  type: [
    kind === 'center'
      ? { coding: [{ system: 'http://nucc.org/provider-taxonomy', code: '261QM0801X' }] }
      : { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/organization-type', code: 'cg' }] },
  ],
});

export const siteEntry = ({ id, name, position }: Place): Named<Location> => ({
  resourceType: 'Location',
  id: `${id}-site`,
  status: 'active',
  name,
  position,
  managingOrganization: organizationRef(id),
});

/** A service as its place entered it, with what was said of its room last. */
export function serviceEntry({ id, place, type }: Service, said: Said): Named<HealthcareService> {
  const { listed } = place;
  const entry: Named<HealthcareService> = {
    resourceType: 'HealthcareService',
    id,
    active: true,
    name: typeNames[type] ?? type,
    providedBy: organizationRef(place.id),
    type: [typeOf(type)],
    location: [{ reference: `Location/${place.id}-site` }],
    ...(listed.areas
      ? { coverageArea: listed.areas.map(area => ({ reference: `Location/area-${area}` })) }
      : {}),
    ...(listed.ages === 'all'
      ? {}
      : { eligibility: [listed.ages === 'adults' ? ageRange(18) : ageRange(undefined, 17)] }),
    ...(listed.fee === 'payers'
      ? {}
      : {
          serviceProvisionCode: [
            listed.fee === 'free'
              ? concept(routingSystem.provision, 'free', 'Free')
              : concept(routingSystem.provision, 'disc', 'Discounts Available'),
          ],
        }),
    communication: [spoken('en', 'English'), ...listed.languages.map(code => spoken(code, 'Spanish'))],
    ...(listed.interpreter
      ? { characteristic: [concept(routingSystem.characteristic, 'interpreter', 'Interpreter')] }
      : {}),
    ...(listed.payers.length > 0 ? { extension: listed.payers.map(name => acceptedPayer(payer(name))) } : {}),
  };
  return withStatement(entry, said) as Named<HealthcareService>;
}

/** What a place has said of the room of a service, and when (YYYY-MM-DD). */
export interface Said {
  statement: CapacityStatement;
  day: string;
}

/** The entry after its place has confirmed it and said what room there is. */
export const withStatement = (entry: HealthcareService, { statement, day }: Said): HealthcareService =>
  withCapacity(confirmed(entry, day), statement, day);

export function patientEntry(referral: Referral): Named<Patient> {
  const { home, county, languages, birthDate } = referral;
  return {
    resourceType: 'Patient',
    id: patientId(referral),
    name: [{ family: `Person ${referral.index}` }],
    birthDate,
    address: [
      {
        use: 'home',
        state,
        district: county.name,
        extension: [
          {
            url: serviceExtension.geolocation,
            extension: [
              { url: 'latitude', valueDecimal: home.latitude },
              { url: 'longitude', valueDecimal: home.longitude },
            ],
          },
        ],
      },
    ],
    communication: languages.map((code, at) => ({ language: spoken(code, code), preferred: at === 0 })),
  };
}

/** Nothing where nobody pays. Here and below: the patient as a reference. */
export function coverageEntry(referral: Referral, patient: string): Coverage | undefined {
  if (referral.payer === 'none') return undefined;
  return {
    resourceType: 'Coverage',
    status: 'active',
    type: payer(referral.payer),
    beneficiary: { reference: patient },
    payor: [{ display: referral.payer }],
  };
}

export const requestEntry = (referral: Referral, patient: string, coverage?: string): ServiceRequest => ({
  resourceType: 'ServiceRequest',
  status: 'active',
  intent: 'order',
  priority: referral.priority,
  code: typeOf(referral.need),
  subject: { reference: patient },
  requester: organizationRef(hospitalId(referral.hospital)),
  ...(coverage ? { insurance: [{ reference: coverage }] } : {}),
});

/** The Task by which a hospital sends a referral to the hub. */
export const taskEntry = (referral: Referral, patient: string, request: string, hub: string): Task => ({
  resourceType: 'Task',
  status: 'requested',
  intent: 'order',
  priority: referral.priority,
  code: concept(system.taskCode, 'fulfill', 'Fulfill the focal request'),
  focus: { reference: request },
  for: { reference: patient },
  requester: organizationRef(hospitalId(referral.hospital)),
  owner: organizationRef(hub),
});
