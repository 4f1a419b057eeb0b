import type { HealthcareService, HealthcareServiceAvailableTime } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HubError } from '../../../errors.ts';
import { spoken } from '../../../referral/routing/directory-entries.ts';
import { withFields } from './edit.ts';
import { type EntryFields, fieldsIn, fieldsOfEntry } from './entry-fields.ts';
import { days } from './hours.ts';
import { languageTag } from './languages.ts';

const today = '2026-03-02';

const service: HealthcareService = {
  resourceType: 'HealthcareService',
  id: 'one',
  name: 'Case management',
  comment: 'A case manager from the first visit on.',
  telecom: [
    { system: 'phone', value: '(320) 555-0120', use: 'work', rank: 1 },
    { system: 'fax', value: '(320) 555-0121' },
    { system: 'phone', value: '(320) 555-0122', use: 'mobile' },
  ],
  communication: [{ ...spoken('es', 'Spanish'), text: 'Castellano' }],
  availableTime: [{ daysOfWeek: ['mon'], availableStartTime: '08:30:00', availableEndTime: '17:00:00' }],
  coverageArea: [{ reference: 'Location/area' }],
};

const changed = (fields: Partial<EntryFields>): HealthcareService =>
  withFields(service, { ...fieldsOfEntry(service), right: false, ...fields }, today);

const faults = (fields: Partial<EntryFields>): (string | undefined)[] => {
  try {
    changed(fields);
    return [];
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    return error.problems.map(one => one.expression);
  }
};

describe('an entry in its form', () => {
  it('stays as it is where nothing is changed', () => {
    expect(changed({})).toEqual(service);
  });

  it('keeps all of its hours, whatever they are', () => {
    const clock = fc
      .tuple(fc.integer({ min: 0, max: 22 }), fc.integer({ min: 0, max: 59 }))
      .map(([hour, minute]) => [hour, minute].map(one => String(one).padStart(2, '0')).join(':'));
    const open: fc.Arbitrary<HealthcareServiceAvailableTime> = fc.oneof(
      fc.record({
        daysOfWeek: fc.subarray([...days], { minLength: 1 }),
        availableStartTime: clock.map(time => `${time}:00`),
        availableEndTime: fc.constant('23:30:00'),
      }),
      fc.record({ daysOfWeek: fc.subarray([...days], { minLength: 1 }), allDay: fc.constant(true) }),
    );
    fc.assert(
      fc.property(fc.array(open, { minLength: 1, maxLength: 6 }), availableTime => {
        const entry = { ...service, availableTime };
        const fields = fieldsOfEntry(entry);
        expect(withFields(entry, { ...fields, right: false }, today)).toEqual(entry);
      }),
    );
  });

  it('keeps the numbers that it does not show, and what is known of the one it does', () => {
    expect(changed({ phone: '(320) 555-0199' }).telecom).toEqual([
      { system: 'phone', value: '(320) 555-0199', use: 'work', rank: 1 },
      ...(service.telecom ?? []).slice(1),
    ]);
  });

  it('leaves out what is emptied: FHIR has no empty lists', () => {
    const empty = changed({ phone: '', comment: '', languages: [], hours: [] });
    expect(empty.telecom).toEqual((service.telecom ?? []).slice(1));
    for (const name of ['comment', 'communication', 'availableTime']) expect(empty).not.toHaveProperty(name);
  });

  it('keeps a language as it was written, and adds others by their names', () => {
    const { communication } = changed({ languages: ['es', 'vi'], otherLanguage: 'filipino' });
    expect(communication).toEqual([
      service.communication?.[0],
      spoken('vi', 'Vietnamese'),
      spoken('fil', 'Filipino'),
    ]);
  });

  it('is confirmed only where that is said', () => {
    expect(JSON.stringify(changed({}))).not.toContain('directory-verified');
    expect(JSON.stringify(changed({ right: true }))).toContain(`"valueDate":"${today}"`);
  });

  const row = { days: ['mon'], allDay: false, from: '09:00', to: '12:00' };
  it.each<[string, Partial<EntryFields>, string[]]>([
    ['no name', { name: '' }, ['name']],
    ['no e-mail', { email: 'northside' }, ['email']],
    ['no number', { phone: 'ask' }, ['phone']],
    ['no language', { otherLanguage: 'Klingonese' }, ['other-language']],
    ['no day', { hours: [{ ...row, days: [] }] }, ['hours-0']],
    ['no end', { hours: [row, { ...row, to: '' }] }, ['hours-1']],
    ['an end before the beginning', { hours: [{ ...row, to: '08:00' }] }, ['hours-0']],
    ['an empty row', { hours: [{ days: [], allDay: false, from: '', to: '' }] }, []],
    ['all faults at once', { name: '', phone: 'x' }, ['name', 'phone']],
  ])('tells of %s where it is', (_, fields, expected) => {
    expect(faults(fields)).toEqual(expected);
  });
});

it('the form is read row by row', () => {
  const fields = fieldsIn({
    name: [' Case management '],
    languages: ['en', 'es'],
    'days-0': ['mon', 'tue'],
    'from-0': ['08:00'],
    'to-0': ['12:00'],
    'all-day-2': ['yes'],
    right: ['yes'],
  });
  expect(fields).toMatchObject({
    name: 'Case management',
    languages: ['en', 'es'],
    right: true,
    hours: [
      { days: ['mon', 'tue'], allDay: false, from: '08:00', to: '12:00' },
      { days: [], allDay: true, from: '', to: '' },
    ],
  });
});

it.each([
  ['Spanish', 'es'],
  ['haitian creole', 'ht'],
  ['tl', 'fil'],
  ['nothing at all', undefined],
])('the language called %s is %s', (name, tag) => {
  expect(languageTag(name)).toBe(tag);
});
