import type { CodeableConcept, Location, Organization } from '@medplum/fhirtypes';
import { system } from '../fhir/canonical.ts';
import { concept } from '../referral/routing/codes.ts';
import { addressIn, email, named, phone, type TownName, towns } from './county.ts';

const kinds = {
  hospital: concept(system.organizationType, 'prov', 'Healthcare Provider'),
  psychiatricUnit: concept(system.nucc, '273R00000X', 'Psychiatric Hospital Unit'),
  cmhc: concept(
    system.nucc,
    '261QM0801X',
    'Mental Health Clinic/Center (Including Community Mental Health Center)',
  ),
  community: concept(system.organizationType, 'cg', 'Community Group'),
  government: concept(system.organizationType, 'govt', 'Government'),
  payer: concept(system.organizationType, 'pay', 'Payer'),
} satisfies Record<string, CodeableConcept>;

interface Entry {
  id: string;
  name: string;
  kinds: readonly (keyof typeof kinds)[];
  town: TownName;
  street: string;
  /** Last two digits of its number. */
  phone: string;
  /** Nobody but itself may read where it is. */
  hidden?: true;
}

/** Who treats people. */
const providers: readonly Entry[] = [
  {
    id: 'general-hospital',
    name: 'General Hospital',
    kinds: ['hospital'],
    town: 'alderFalls',
    street: '100 Hospital Drive',
    phone: '10',
  },
  {
    id: 'county-hospital',
    name: 'County Hospital',
    kinds: ['hospital', 'psychiatricUnit'],
    town: 'millRow',
    street: '2400 County Road 9',
    phone: '11',
  },
  {
    id: 'northside-cmhc',
    name: 'Northside CMHC',
    kinds: ['cmhc'],
    town: 'northFork',
    street: '18 Mission Street',
    phone: '20',
  },
  {
    id: 'southside-cmhc',
    name: 'Southside CMHC',
    kinds: ['cmhc'],
    town: 'southPrairie',
    street: '507 Prairie Avenue',
    phone: '21',
  },
  {
    id: 'eastgate-cmhc',
    name: 'Eastgate CMHC',
    kinds: ['cmhc'],
    town: 'eastGrove',
    street: '3 Orchard Lane',
    phone: '22',
  },
  {
    id: 'westbrook-cmhc',
    name: 'Westbrook CMHC',
    kinds: ['cmhc'],
    town: 'westbrook',
    street: '61 Brook Street',
    phone: '23',
  },
  {
    id: 'system-ehr',
    name: 'Synthetic EHR',
    kinds: ['hospital'],
    town: 'alderFalls',
    street: '1 Sample Way',
    phone: '19',
  },
];

/** Who helps with everything else. They see what a sender attaches to a referral, never the record. */
const community: readonly Entry[] = [
  {
    id: 'harbor-shelter',
    name: 'Harbor Shelter',
    kinds: ['community'],
    town: 'millRow',
    street: '77 Mill Row',
    phone: '30',
  },
  {
    id: 'alder-food-shelf',
    name: 'Alder Food Shelf',
    kinds: ['community'],
    town: 'alderFalls',
    street: '9 Granary Street',
    phone: '31',
  },
  {
    id: 'steps-to-work',
    name: 'Steps to Work',
    kinds: ['community'],
    town: 'alderFalls',
    street: '212 Main Street',
    phone: '32',
  },
  {
    id: 'county-rides',
    name: 'County Rides',
    kinds: ['community'],
    town: 'millRow',
    street: '5 Depot Street',
    phone: '33',
  },
  {
    id: 'common-ground-peers',
    name: 'Common Ground Peer Support',
    kinds: ['community'],
    town: 'southPrairie',
    street: '44 Second Street',
    phone: '34',
  },
  {
    id: 'prairie-legal-aid',
    name: 'Prairie Legal Aid',
    kinds: ['community'],
    town: 'alderFalls',
    street: '300 Court Square',
    phone: '35',
  },
  {
    id: 'little-alders',
    name: 'Little Alders Childcare',
    kinds: ['community'],
    town: 'northFork',
    street: '26 School Street',
    phone: '36',
  },
  {
    id: 'housing-authority',
    name: 'Alder County Housing Authority',
    kinds: ['government'],
    town: 'alderFalls',
    street: '310 Court Square',
    phone: '37',
  },
  {
    id: 'safe-passage',
    name: 'Safe Passage',
    kinds: ['community'],
    town: 'caneLake',
    street: '8 Willow Bend',
    phone: '38',
    hidden: true,
  },
  {
    id: 'veterans-office',
    name: 'Alder County Veterans Office',
    kinds: ['government'],
    town: 'alderFalls',
    street: '320 Court Square',
    phone: '39',
  },
  {
    id: 'lantern-clubhouse',
    name: 'Lantern Clubhouse',
    kinds: ['community'],
    town: 'southPrairie',
    street: '15 Third Street',
    phone: '40',
  },
  {
    id: 'new-leaf-house',
    name: 'New Leaf Recovery House',
    kinds: ['community'],
    town: 'pineLanding',
    street: '90 Lake Road',
    phone: '41',
  },
];

const payers: readonly Entry[] = [
  {
    id: 'prairie-medicaid',
    name: 'Prairie State Medicaid',
    kinds: ['payer'],
    town: 'alderFalls',
    street: '1 Capitol Plaza',
    phone: '50',
  },
  {
    id: 'prairie-medicare',
    name: 'Prairie Medicare Plan',
    kinds: ['payer'],
    town: 'alderFalls',
    street: '2 Capitol Plaza',
    phone: '51',
  },
  {
    id: 'alder-health-plan',
    name: 'Alder Health Plan',
    kinds: ['payer'],
    town: 'alderFalls',
    street: '40 Insurance Row',
    phone: '52',
  },
];

const entries = [...providers, ...community, ...payers];

export type OrganizationId = string;

/** The organization as others are told of it. */
export function organizationNamed(id: OrganizationId) {
  const name = entries.find(entry => entry.id === id)?.name;
  if (name === undefined) throw new Error(`the demo network has no organization ${id}`);
  return named<Organization>(`Organization/${id}`, name);
}

export const organizations = (): Organization[] => entries.map(organization);

/** Where each provider and community organization is found: `Location/{organization}-site`. */
export const sites = (): Location[] => [...providers, ...community].map(site);

function organization(entry: Entry): Organization {
  return {
    resourceType: 'Organization',
    id: entry.id,
    identifier: [{ system: 'https://alder-county.example/organizations', value: entry.id }],
    active: true,
    type: entry.kinds.map(kind => kinds[kind]),
    name: entry.name,
    telecom: [phone(entry.phone), email(entry.id)],
    address: [addressIn(entry.town, entry.hidden ? undefined : entry.street)],
  };
}

const violence = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode',
  code: 'SDV',
  display: 'sexual assault, abuse, or domestic violence information sensitivity',
};

function site(entry: Entry): Location {
  const { latitude, longitude } = towns[entry.town];
  return {
    resourceType: 'Location',
    id: `${entry.id}-site`,
    ...(entry.hidden ? { meta: { security: [violence] } } : {}),
    status: 'active',
    mode: 'instance',
    name: entry.name,
    telecom: [phone(entry.phone)],
    address: addressIn(entry.town, entry.street),
    position: { latitude, longitude },
    managingOrganization: organizationNamed(entry.id),
  };
}
