import type { ContactPoint, HealthcareService, HealthcareServiceAvailableTime } from '@medplum/fhirtypes';
import { HubError, type Problem } from '../../../errors.ts';
import { routingSystem } from '../../../referral/routing/codes.ts';
import { spoken } from '../../../referral/routing/directory-entries.ts';
import { confirmed } from '../../../referral/routing/statements.ts';
import { days } from './hours.ts';
import { languageName, languagesOf } from './words.ts';

/** What the form of an entry holds, as it was typed. */
export interface EntryFields {
  name: string;
  comment: string;
  phone: string;
  email: string;
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

/** Languages that are offered to tick, by how many speak them in the United States. */
export const usualLanguages = [
  'en',
  'es',
  'zh',
  'vi',
  'ar',
  'so',
  'hmn',
  'ru',
  'ko',
  'fr',
  'ht',
  'pt',
  'am',
  'ase',
];

const emptyRows = 2;

/** The entry as the form shows it first. */
export function fieldsOfEntry(service: HealthcareService): EntryFields {
  const value = (system: ContactPoint['system']) =>
    service.telecom?.find(one => one.system === system)?.value ?? '';
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
    phone: value('phone'),
    email: value('email'),
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

/**
 * The entry with what was typed; what the form does not show stays. HubError `invalid` with every fault.
 *
 * @param day today, YYYY-MM-DD
 */
export function withFields(service: HealthcareService, fields: EntryFields, day: string): HealthcareService {
  const problems: Problem[] = [];
  if (fields.name === '') problems.push({ text: 'Say what the service is called.', expression: 'name' });
  if (fields.email && !/^[^\s@]+@[^\s@]+$/.test(fields.email))
    problems.push({ text: 'An e-mail address has the form name@place.example.', expression: 'email' });
  if (fields.phone && (fields.phone.match(/\d/g) ?? []).length < 3)
    problems.push({ text: 'A telephone number has digits.', expression: 'phone' });
  const other = fields.otherLanguage === '' ? undefined : languageTag(fields.otherLanguage);
  if (fields.otherLanguage !== '' && other === undefined)
    problems.push({
      text: 'Give the language by its English name, such as Filipino.',
      expression: 'other-language',
    });
  const availableTime = fields.hours.flatMap((row, index) => openAt(row, index, problems));
  if (problems.length > 0) throw new HubError('invalid', problems);
  const { availableTime: _, comment: __, ...kept } = service;
  const changed: HealthcareService = {
    ...kept,
    name: fields.name,
    ...(fields.comment ? { comment: fields.comment } : {}),
    telecom: telecomOf(service, fields),
    communication: communicationOf(service, [...fields.languages, ...(other ? [other] : [])]),
    ...(availableTime.length > 0 ? { availableTime } : {}),
  };
  const whole = withoutEmpty(changed);
  return fields.right ? confirmed(whole, day) : whole;
}

/** FHIR has no empty lists. */
const withoutEmpty = (service: HealthcareService): HealthcareService =>
  Object.fromEntries(
    Object.entries(service).filter(([, value]) => !(Array.isArray(value) && value.length === 0)),
  ) as unknown as HealthcareService;

function openAt(
  { days: open, allDay, from, to }: HoursFields,
  index: number,
  problems: Problem[],
): HealthcareServiceAvailableTime[] {
  if (open.length === 0 && !allDay && from === '' && to === '') return [];
  const expression = `hours-${index}`;
  const daysOfWeek = days.filter(day => open.includes(day));
  if (daysOfWeek.length === 0) problems.push({ text: 'Say on which days.', expression });
  if (allDay) return [{ daysOfWeek, allDay: true }];
  if (![from, to].every(time => /^\d\d:\d\d$/.test(time)))
    problems.push({ text: 'Say from when to when, or that it is open all day.', expression });
  else if (to <= from) problems.push({ text: 'It closes after it opens.', expression });
  return [{ daysOfWeek, availableStartTime: `${from}:00`, availableEndTime: `${to}:00` }];
}

/** The first number and address are the form's; others stay behind them. */
function telecomOf({ telecom = [] }: HealthcareService, { phone, email }: EntryFields): ContactPoint[] {
  const replaced = (['phone', 'email'] as const).map(system => telecom.find(one => one.system === system));
  const others = telecom.filter(one => !replaced.includes(one));
  const [oldPhone, oldEmail] = replaced;
  return [
    ...(phone ? [{ use: 'work' as const, ...oldPhone, system: 'phone' as const, value: phone }] : []),
    ...(email ? [{ use: 'work' as const, ...oldEmail, system: 'email' as const, value: email }] : []),
    ...others,
  ];
}

/** A language that was there stays as it was written. */
function communicationOf({ communication = [] }: HealthcareService, tags: readonly string[]) {
  const written = (tag: string) =>
    communication.find(({ coding = [] }) =>
      coding.some(one => one.system === routingSystem.language && one.code === tag),
    );
  return [...new Set(tags)].map(tag => written(tag) ?? spoken(tag, languageName(tag)));
}

/** The tag of a language that is called so in English, or the tag itself. */
export function languageTag(text: string): string | undefined {
  const wanted = text.trim().toLowerCase();
  if (/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/.test(wanted) && languageName(wanted) !== wanted)
    return canonical(wanted);
  return tagsByName().get(wanted);
}

/** `tl` is `fil` today (https://www.rfc-editor.org/rfc/rfc5646#section-4.5). */
const canonical = (tag: string): string => Intl.getCanonicalLocales(tag)[0] ?? tag;

let known: ReadonlyMap<string, string> | undefined;

/** Every language of two or three letters that has a name. */
function tagsByName(): ReadonlyMap<string, string> {
  if (known) return known;
  const letters = [...'abcdefghijklmnopqrstuvwxyz'];
  const twos = letters.flatMap(a => letters.map(b => a + b));
  const all = [...twos.flatMap(two => letters.map(c => two + c)), ...twos];
  known = new Map(
    all.flatMap(tag => {
      const name = languageName(tag);
      return name === tag ? [] : [[name.toLowerCase(), canonical(tag)]];
    }),
  );
  return known;
}
