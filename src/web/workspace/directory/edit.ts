import type { HealthcareService, HealthcareServiceAvailableTime } from '@medplum/fhirtypes';
import { HubError, type Problem } from '../../../errors.ts';
import { routingSystem } from '../../../referral/routing/codes.ts';
import { spoken } from '../../../referral/routing/directory-entries.ts';
import { confirmed } from '../../../referral/routing/statements.ts';
import type { EntryFields, HoursFields } from './entry-fields.ts';
import { days } from './hours.ts';
import { languageTag } from './languages.ts';
import { contactFaults, telecomWith } from './telecom.ts';
import { languageName } from './words.ts';

/**
 * The entry with what was typed; what the form does not show stays. HubError `invalid` with every fault.
 *
 * @param day today, YYYY-MM-DD
 */
export function withFields(service: HealthcareService, fields: EntryFields, day: string): HealthcareService {
  const problems: Problem[] = [];
  if (fields.name === '') problems.push({ text: 'Say what the service is called.', expression: 'name' });
  problems.push(...contactFaults(fields));
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
    telecom: telecomWith(service.telecom, fields),
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

/** A language that was there stays as it was written. */
function communicationOf({ communication = [] }: HealthcareService, tags: readonly string[]) {
  const written = (tag: string) =>
    communication.find(({ coding = [] }) =>
      coding.some(one => one.system === routingSystem.language && one.code === tag),
    );
  return [...new Set(tags)].map(tag => written(tag) ?? spoken(tag, languageName(tag)));
}
