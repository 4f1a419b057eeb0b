import type { TownName } from './county.ts';
import type { Moment } from './moments.ts';
import type { OrganizationId } from './organizations.ts';
import type { languages } from './services.ts';

/** A fictional client of a hospital, and the stay from which they are referred. */
export interface Person {
  /** Logical id of the Patient, and the beginning of the ids of all else about them. */
  id: string;
  hospital: OrganizationId;
  given: string;
  family: string;
  gender: 'female' | 'male' | 'other';
  birthDate: string;
  language: keyof typeof languages;
  /** Absent: no home at present. */
  home?: { town: TownName; street: string };
  phone?: string;
  payer?: { organization: OrganizationId; kind: 'medicaid' | 'medicare' | 'private' };
  diagnosis: readonly [icd10: string, display: string];
  admitted: Moment;
  /** Absent: still on the ward. */
  discharged?: Moment;
  /** Days from the admission to the expected discharge, told then; absent: nobody knows yet. */
  expectedDays?: number;
  /** Where to, in HL7's codes; home unless said. */
  disposition?: 'home' | 'aadvice' | 'oth';
}

const medicaid = { organization: 'prairie-medicaid', kind: 'medicaid' } as const;
const medicare = { organization: 'prairie-medicare', kind: 'medicare' } as const;
const ownPlan = { organization: 'alder-health-plan', kind: 'private' } as const;

const atGeneral: readonly Omit<Person, 'hospital'>[] = [
  {
    id: 'marisol-vega',
    given: 'Marisol',
    family: 'Vega',
    gender: 'female',
    birthDate: '1991-04-17',
    language: 'es',
    home: { town: 'northFork', street: '212 Birch Street' },
    phone: '60',
    payer: medicaid,
    diagnosis: ['F33.2', 'Major depressive disorder, recurrent severe without psychotic features'],
    admitted: { daysAgo: 16, at: '21:40' },
    discharged: { daysAgo: 9, at: '18:00' },
  },
  {
    id: 'theo-lindqvist',
    given: 'Theo',
    family: 'Lindqvist',
    gender: 'male',
    birthDate: '1973-09-02',
    language: 'en',
    home: { town: 'pineLanding', street: '9 Lake Road' },
    phone: '61',
    payer: medicare,
    diagnosis: ['F25.0', 'Schizoaffective disorder, bipolar type'],
    admitted: { daysAgo: 20, at: '15:10' },
    discharged: { daysAgo: 7, at: '17:30' },
  },
  {
    id: 'amara-okonjo',
    given: 'Amara',
    family: 'Okonjo',
    gender: 'female',
    birthDate: '1998-12-05',
    language: 'en',
    home: { town: 'alderFalls', street: '1408 Elm Street, Apt 3' },
    phone: '62',
    payer: ownPlan,
    diagnosis: ['F31.81', 'Bipolar II disorder'],
    admitted: { daysAgo: 5, at: '23:20' },
    expectedDays: 7,
  },
  {
    id: 'priya-nair',
    given: 'Priya',
    family: 'Nair',
    gender: 'female',
    birthDate: '1987-06-23',
    language: 'en',
    phone: '63',
    diagnosis: ['F32.2', 'Major depressive disorder, single episode, severe without psychotic features'],
    admitted: { daysAgo: 11, at: '16:05' },
    discharged: { daysAgo: 5, at: '19:00' },
    disposition: 'oth',
  },
  {
    id: 'dolores-quill',
    given: 'Dolores',
    family: 'Quill',
    gender: 'female',
    birthDate: '1957-02-11',
    language: 'en',
    home: { town: 'westbrook', street: '33 Brook Street' },
    phone: '64',
    payer: medicare,
    diagnosis: ['F33.3', 'Major depressive disorder, recurrent, severe with psychotic symptoms'],
    admitted: { daysAgo: 27, at: '14:00' },
    discharged: { daysAgo: 12, at: '16:30' },
  },
  {
    id: 'kenji-aldana',
    given: 'Kenji',
    family: 'Aldana',
    gender: 'male',
    birthDate: '2001-08-30',
    language: 'en',
    home: { town: 'millRow', street: '60 Mill Row' },
    phone: '65',
    payer: ownPlan,
    diagnosis: ['F20.0', 'Paranoid schizophrenia'],
    admitted: { daysAgo: 4, at: '02:50' },
    expectedDays: 9,
  },
];

const atCounty: readonly Omit<Person, 'hospital'>[] = [
  {
    id: 'linh-pham',
    given: 'Linh',
    family: 'Pham',
    gender: 'female',
    birthDate: '1980-01-26',
    language: 'vi',
    home: { town: 'southPrairie', street: '71 Prairie Avenue' },
    phone: '66',
    payer: medicaid,
    diagnosis: ['F33.2', 'Major depressive disorder, recurrent severe without psychotic features'],
    admitted: { daysAgo: 34, at: '17:45' },
    discharged: { daysAgo: 25, at: '18:15' },
  },
  {
    id: 'walter-brisbane',
    given: 'Walter',
    family: 'Brisbane',
    gender: 'male',
    birthDate: '1954-11-11',
    language: 'en',
    home: { town: 'southPrairie', street: '8 Cottonwood Court' },
    phone: '67',
    payer: medicare,
    diagnosis: ['F43.12', 'Post-traumatic stress disorder, chronic'],
    admitted: { daysAgo: 15, at: '20:30' },
    discharged: { daysAgo: 8, at: '17:00' },
  },
  {
    id: 'jonah-reyes-hart',
    given: 'Jonah',
    family: 'Reyes-Hart',
    gender: 'male',
    birthDate: '2010-03-14',
    language: 'en',
    home: { town: 'eastGrove', street: '5 Orchard Lane' },
    phone: '68',
    payer: medicaid,
    diagnosis: ['F32.1', 'Major depressive disorder, single episode, moderate'],
    admitted: { daysAgo: 3, at: '22:15' },
    expectedDays: 6,
  },
  {
    id: 'samuel-tetteh',
    given: 'Samuel',
    family: 'Tetteh',
    gender: 'male',
    birthDate: '1964-07-07',
    language: 'en',
    diagnosis: ['F20.9', 'Schizophrenia, unspecified'],
    admitted: { daysAgo: 6, at: '06:25' },
    expectedDays: 7,
  },
];

export const people: readonly Person[] = [
  ...atGeneral.map(person => ({ ...person, hospital: 'general-hospital' })),
  ...atCounty.map(person => ({ ...person, hospital: 'county-hospital' })),
];

export function personCalled(id: string): Person {
  const person = people.find(one => one.id === id);
  if (!person) throw new Error(`the demo network has nobody called ${id}`);
  return person;
}

export const nameOf = ({ given, family }: Person): string => `${given} ${family}`;
