import type { HealthcareService } from '@medplum/fhirtypes';
import { type ContactFields, contactOf } from './telecom.ts';
import { languagesOf } from './words.ts';

/** What the form of an entry holds, as it was typed. */
export interface EntryFields extends ContactFields {
  name: string;
  comment: string;
  /** BCP-47 tags. */
  languages: readonly string[];
  /** One more, by its English name or tag. */
  otherLanguage: string;
  hours: readonly HoursFields[];
  /** All of the entry is right as of today. */
  right: boolean;
}

export interface HoursFields {
  days: readonly string[];
  allDay: boolean;
  /** `08:30` */
  from: string;
  to: string;
}

const emptyRows = 2;

/** The entry as the form shows it first. */
export function fieldsOfEntry(service: HealthcareService): EntryFields {
  const hours = (service.availableTime ?? []).map(
    ({ daysOfWeek = [], allDay = false, availableStartTime = '', availableEndTime = '' }) => ({
      days: daysOfWeek,
      allDay,
      from: availableStartTime.slice(0, 5),
      to: availableEndTime.slice(0, 5),
    }),
  );
  const empty = { days: [], allDay: false, from: '', to: '' };
  return {
    name: service.name ?? '',
    comment: service.comment ?? '',
    ...contactOf(service.telecom),
    languages: languagesOf(service),
    otherLanguage: '',
    hours: [...hours, ...Array.from({ length: emptyRows }, () => empty)],
    right: true,
  };
}

/** What was typed. A field that may be there several times (`languages`, `days-0`) comes as a list. */
export function fieldsIn(form: Readonly<Record<string, readonly string[]>>): EntryFields {
  const one = (name: string) => (form[name]?.[0] ?? '').trim();
  const rows = Object.keys(form).flatMap(
    name => /^(?:days|from|to|all-day)-(\d{1,2})$/.exec(name)?.[1] ?? [],
  );
  const numbers = [...new Set(rows)].map(Number).sort((a, b) => a - b);
  return {
    name: one('name'),
    comment: one('comment'),
    phone: one('phone'),
    email: one('email'),
    languages: form.languages ?? [],
    otherLanguage: one('other-language'),
    hours: numbers.map(row => ({
      days: form[`days-${row}`] ?? [],
      allDay: one(`all-day-${row}`) !== '',
      from: one(`from-${row}`),
      to: one(`to-${row}`),
    })),
    right: one('right') !== '',
  };
}
