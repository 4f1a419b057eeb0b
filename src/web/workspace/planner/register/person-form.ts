/// <reference lib="esnext.temporal" />
import type { Coverage, Identifier, Patient } from '@medplum/fhirtypes';
import { HubError, type Problem } from '../../../../errors.ts';

/** What the form asks, by the names of its fields. */
export const personFields = [
  'given',
  'family',
  'birthdate',
  'gender',
  'phone',
  'street',
  'city',
  'state',
  'zip',
  'language',
  'identifier',
  'payer',
  'member',
] as const;

export type PersonFields = Readonly<Record<(typeof personFields)[number], string>>;

/** https://hl7.org/fhir/R4/valueset-administrative-gender.html */
export const genders = [
  { value: 'female', label: 'Female' },
  { value: 'male', label: 'Male' },
  { value: 'other', label: 'Other' },
  { value: 'unknown', label: 'Not known' },
] as const;

/** Languages that people in the United States speak at home most often, and American Sign Language (BCP 47). */
export const languages = [
  ...['en', 'es', 'zh', 'tl', 'vi', 'ar', 'fr', 'ko', 'ru', 'ht', 'pt', 'hi', 'de', 'pl', 'hmn', 'so', 'am'],
  ...['fa', 'ur', 'ne', 'my', 'sw', 'ase'],
];

export interface PersonGiven {
  patient: Patient;
  /** About whom stands where the Patient is written: see `about`. */
  coverage?: (about: string) => Coverage;
}

interface Place {
  /** Organization whose patient it is. */
  organization: string;
  /** The identifier system of its record numbers. */
  system: string;
  today: Temporal.PlainDate;
}

/** The person that was typed in; HubError('invalid') with a problem for each field that cannot be so. */
export function personIn(fields: PersonFields, { organization, system, today }: Place): PersonGiven {
  const problems = problemsIn(fields, today);
  if (problems.length > 0) throw new HubError('invalid', problems);
  const { given, family, birthdate, gender, phone, language, identifier, payer, member } = fields;
  const address = addressIn(fields);
  const owner = { reference: `Organization/${organization}` };
  const patient: Patient = {
    resourceType: 'Patient',
    ...(identifier ? { identifier: [recordNumber(identifier, system, organization)] } : {}),
    active: true,
    name: [{ use: 'official', family, given: given.split(/\s+/) }],
    ...(phone ? { telecom: [{ system: 'phone', value: phone, use: 'mobile' }] } : {}),
    gender: gender as NonNullable<Patient['gender']>,
    birthDate: birthdate,
    ...(address ? { address: [address] } : {}),
    ...(language
      ? {
          communication: [
            { language: { coding: [{ system: 'urn:ietf:bcp:47', code: language }] }, preferred: true },
          ],
        }
      : {}),
    managingOrganization: owner,
  };
  if (!payer) return { patient };
  return {
    patient,
    coverage: about => ({
      resourceType: 'Coverage',
      status: 'active',
      ...(member ? { subscriberId: member } : {}),
      beneficiary: { reference: about },
      payor: [{ reference: `Organization/${payer}` }],
    }),
  };
}

/** https://terminology.hl7.org/CodeSystem-v2-0203.html */
const recordNumber = (value: string, system: string, organization: string): Identifier => ({
  type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR' }] },
  system,
  value,
  assigner: { reference: `Organization/${organization}` },
});

function addressIn({
  street,
  city,
  state,
  zip,
}: PersonFields): NonNullable<Patient['address']>[number] | undefined {
  if (!street && !city && !state && !zip) return undefined;
  return {
    use: 'home',
    ...(street ? { line: [street] } : {}),
    ...(city ? { city } : {}),
    ...(state ? { state: state.toUpperCase() } : {}),
    ...(zip ? { postalCode: zip } : {}),
    country: 'US',
  };
}

function problemsIn(fields: PersonFields, today: Temporal.PlainDate): Problem[] {
  const { given, family, birthdate, gender, phone, state, zip, language } = fields;
  const checks: [boolean, string, string][] = [
    [given === '', 'given', 'Say at least one first name.'],
    [family === '', 'family', 'Say the family name.'],
    [!isBirthDate(birthdate, today), 'birthdate', 'Say the date of birth: it is a day in the past.'],
    [!genders.some(({ value }) => value === gender), 'gender', 'Choose one.'],
    [phone !== '' && phone.replace(/\D/g, '').length < 7, 'phone', 'A phone number has at least 7 digits.'],
    [state !== '' && !/^[a-z]{2}$/i.test(state), 'state', 'Two letters, such as MN.'],
    [zip !== '' && !/^\d{5}(-\d{4})?$/.test(zip), 'zip', 'A ZIP code has 5 digits, such as 56801.'],
    [language !== '' && !languages.includes(language), 'language', 'Choose one of the list.'],
  ];
  return checks.flatMap(([is, expression, text]) => (is ? [{ expression, text }] : []));
}

function isBirthDate(text: string, today: Temporal.PlainDate): boolean {
  const date = /^\d{4}-\d\d-\d\d$/.test(text) ? dateIn(text) : undefined;
  if (!date) return false;
  const age = date.until(today, { largestUnit: 'years' });
  return Temporal.PlainDate.compare(date, today) <= 0 && age.years <= 130;
}

export function dateIn(text: string): Temporal.PlainDate | undefined {
  try {
    return Temporal.PlainDate.from(text);
  } catch {
    // No such day: who asked says so in words of the form.
    return undefined;
  }
}
