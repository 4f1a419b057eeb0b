/// <reference lib="esnext.temporal" />
import type { Coverage, Organization, Patient } from '@medplum/fhirtypes';
import { dateAt } from '../../../../referral/clocks/calendar.ts';
import { languageWords } from '../words.ts';

/** One thing that is known of a person: what it is, and what it says. */
export interface Fact {
  label: string;
  words: string;
}

/** How to reach somebody, and who pays, in the order in which one asks. What is not known is left out. */
export function factsAbout(patient: Patient, payers: readonly string[]): Fact[] {
  const { telecom = [], address = [], identifier = [], communication = [] } = patient;
  const facts: [string, string | undefined][] = [
    ['Phone', telecom.find(({ system }) => system === 'phone')?.value],
    ['E-mail', telecom.find(({ system }) => system === 'email')?.value],
    ['Address', address[0] ? addressWords(address[0]) : undefined],
    ['Language', preferred(communication)],
    ['Insurance', payers.join(', ')],
    ['Record number', identifier.find(({ value }) => value)?.value],
  ];
  return facts.flatMap(([label, words]) => (words ? [{ label, words }] : []));
}

/** By what one makes sure that it is them: `Born April 17, 1991, 35 years, female`. */
export function identityOf(
  { birthDate, gender }: Patient,
  { now, zone }: { now: Date; zone: string },
): string {
  const born = birthDate ? `Born ${bornWords(birthDate, dateAt(now, zone))}` : 'Date of birth not known';
  return gender && gender !== 'unknown' ? `${born}, ${gender}` : born;
}

/** `April 17, 1991, 35 years`; a birth date may be no more than a year. */
export function bornWords(birthDate: string, today: Temporal.PlainDate): string {
  if (!/^\d{4}-\d\d-\d\d$/.test(birthDate)) return birthDate;
  const born = Temporal.PlainDate.from(birthDate);
  const { years } = born.until(today, { largestUnit: 'years' });
  const date = born.toLocaleString('en-US', { year: 'numeric', month: 'long', day: 'numeric' });
  return years < 0 ? date : `${date}, ${years} ${years === 1 ? 'year' : 'years'}`;
}

function addressWords({
  line = [],
  city,
  state,
  postalCode,
  text,
}: NonNullable<Patient['address']>[number]): string | undefined {
  const place = [city, [state, postalCode].filter(Boolean).join(' ')].filter(Boolean).join(', ');
  return [...line, place].filter(Boolean).join(', ') || text;
}

function preferred(communication: NonNullable<Patient['communication']>): string | undefined {
  const one = communication.find(({ preferred: first }) => first) ?? communication[0];
  const code = one?.language.coding?.find(coding => coding.code)?.code;
  return one?.language.text ?? (code === undefined ? undefined : languageWords(code));
}

/** Who pays, by name. */
export const payersOf = (
  coverages: readonly Coverage[],
  get: (reference: Coverage['payor'][number]) => Organization | undefined,
): string[] =>
  coverages.flatMap(({ payor, subscriberId }) =>
    payor.flatMap(one => {
      const name = get(one)?.name ?? one.display;
      return name ? [subscriberId ? `${name} (${subscriberId})` : name] : [];
    }),
  );
