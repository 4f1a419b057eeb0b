import type { CodeableConcept, HealthcareService } from '@medplum/fhirtypes';
import { concept, routingSystem, serviceType } from '../referral/routing/codes.ts';
import {
  acceptedPayer,
  ageRange,
  type CapacityStatus,
  serviceCapacity,
  spoken,
} from '../referral/routing/directory-entries.ts';
import { areaReferences, type TownName } from './county.ts';
import { dayFrom } from './moments.ts';
import { type OrganizationId, organizationNamed } from './organizations.ts';

/** A service of the directory, as its organization would fill in a form. */
export interface ServiceEntry {
  /** The HealthcareService is `{organization}-{id}`. */
  id: string;
  organization: OrganizationId;
  name: string;
  comment: string;
  types: readonly (readonly [code: string, display: string])[];
  area: 'county' | readonly TownName[];
  ages?: readonly [low: number | undefined, high: number | undefined];
  /** Organizations that pay; absent where it is free. */
  payers?: readonly OrganizationId[];
  fee?: 'free' | 'sliding';
  languages: readonly (keyof typeof languages)[];
  traits?: readonly (keyof typeof traits)[];
  program?: keyof typeof programs;
  capacity: CapacityStatus;
  /** Days until a first visit could be. */
  openingIn?: number;
}

export const languages = {
  en: spoken('en', 'English'),
  es: spoken('es', 'Spanish'),
  vi: spoken('vi', 'Vietnamese'),
  so: spoken('so', 'Somali'),
} satisfies Record<string, CodeableConcept>;

const traits = {
  interpreter: 'Interpreter',
  wheelchair: 'Wheelchair access',
  telehealth: 'Telehealth',
  'home-visits': 'Home visits',
  'women-staff': 'Women on the staff',
  'evening-hours': 'Evening hours',
} as const;

const programs = {
  ccbhc: 'Certified community behavioral health clinic',
  veterans: 'Veterans program',
  'older-adults': 'Older adults program',
  children: 'Children and youth program',
} as const;

const fees: Record<'free' | 'sliding', readonly [code: string, display: string]> = {
  free: ['free', 'Free'],
  sliding: ['disc', 'Discounts Available'],
};

/** The service as the directory has it; what it says of its capacity was confirmed two days before `now`. */
export function healthcareService(entry: ServiceEntry, now: Date): HealthcareService {
  const { openingIn, fee, program, ages } = entry;
  const capacity = serviceCapacity({
    status: entry.capacity,
    confirmed: dayFrom(now, -2),
    ...(openingIn === undefined ? {} : { firstOpening: dayFrom(now, openingIn) }),
  });
  return {
    resourceType: 'HealthcareService',
    id: `${entry.organization}-${entry.id}`,
    extension: [...(entry.payers ?? []).map(id => acceptedPayer(organizationNamed(id))), capacity],
    active: true,
    providedBy: organizationNamed(entry.organization),
    type: entry.types.map(([code, display]) => serviceType(code, display)),
    location: [{ reference: `Location/${entry.organization}-site` }],
    name: entry.name,
    comment: entry.comment,
    coverageArea: areaReferences(entry.area),
    ...(fee ? { serviceProvisionCode: [concept(routingSystem.provision, ...fees[fee])] } : {}),
    ...(ages ? { eligibility: [ageRange(...ages)] } : {}),
    ...(program ? { program: [concept(routingSystem.program, program, programs[program])] } : {}),
    ...(entry.traits
      ? {
          characteristic: entry.traits.map(trait =>
            concept(routingSystem.characteristic, trait, traits[trait]),
          ),
        }
      : {}),
    communication: entry.languages.map(language => languages[language]),
    referralMethod: [
      {
        coding: [
          {
            system: 'http://terminology.hl7.org/CodeSystem/service-referral-method',
            code: 'elec',
            display: 'Secure Messaging',
          },
        ],
      },
    ],
    appointmentRequired: true,
    availableTime: [
      {
        daysOfWeek: ['mon', 'tue', 'wed', 'thu', 'fri'],
        availableStartTime: '08:30:00',
        availableEndTime: '17:00:00',
      },
    ],
  };
}
