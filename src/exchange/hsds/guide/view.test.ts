import type { CodeableConcept, HealthcareService } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { ageRange } from '../../../referral/routing/directory-entries.ts';
import { telecomIn } from './elements.ts';
import { guideQuery } from './query.ts';
import { categoriesOf, eligibilityOf } from './service-elements.ts';
import { asHsds, guideProfiles } from './view.ts';

const service = (more: Partial<HealthcareService> = {}): HealthcareService => ({
  resourceType: 'HealthcareService',
  ...more,
});
const coded = (system: string, code: string): CodeableConcept => ({ coding: [{ system, code }] });
const hl7 = 'http://terminology.hl7.org/CodeSystem/service-type';
const taxonomy = 'https://211hsis.org';

describe('the broad category', () => {
  it.each<[string, Partial<HealthcareService>, (string | undefined)[]]>([
    [
      'is what the entry says',
      { category: [coded('x', 'own')], type: [coded(taxonomy, 'BD-1800')] },
      ['own'],
    ],
    ['is the second level of a term', { type: [coded(taxonomy, 'BH-1800.8500')] }, ['BH']],
    ['is said once', { type: [coded(taxonomy, 'BD-1800.2000'), coded(taxonomy, 'BD-2400')] }, ['BD']],
    ['follows from an HL7 service type', { type: [coded(hl7, '136')] }, ['behav']],
    ['is unknown for other codes', { type: [coded(hl7, '999'), coded('y', 'Z9')] }, [undefined]],
    ['is unknown where nothing is said', {}, [undefined]],
  ])('%s', (_, more, codes) => {
    const categories = categoriesOf(service(more));
    expect(categories.map(({ coding }) => coding?.[0]?.code)).toEqual(codes);
    for (const { coding, extension } of categories)
      expect(coding ? undefined : extension?.[0]?.valueCode).toBe(coding ? undefined : 'unknown');
  });
});

describe('who it is for', () => {
  it.each<[string, HealthcareService['eligibility'], (string | undefined)[]]>([
    ['nobody said', undefined, []],
    ['from', [ageRange(18)], ['Ages 18 and over.']],
    ['up to', [ageRange(undefined, 17)], ['Ages up to 17.']],
    [
      'between, with words',
      [{ ...ageRange(6, 17), comment: 'Families first.' }],
      ['Families first. Ages 6 to 17.'],
    ],
    ['words alone', [{ comment: 'Veterans.' }], ['Veterans.']],
  ])('%s', (_, eligibility, comments) => {
    const shown = eligibilityOf(service(eligibility ? { eligibility } : {})).eligibility ?? [];
    expect(shown.map(({ comment }) => comment)).toEqual(comments);
    expect(JSON.stringify(shown)).not.toContain('age-range');
  });
});

it('reaches people at work, in the order of the ranks, and not where they were', () => {
  const { telecom } = telecomIn([
    { system: 'phone', value: '2', rank: 2, period: { start: '2020' } },
    { system: 'phone', value: '0', use: 'old' },
    { system: 'phone', value: '1', rank: 1, use: 'home' },
    { system: 'url', value: '3' },
  ]);
  expect(telecom).toEqual([
    { system: 'phone', value: '1', use: 'work' },
    { system: 'phone', value: '2', use: 'work' },
    { system: 'url', value: '3', use: 'work' },
  ]);
});

it('leaves other resources as they are', () => {
  const role = { resourceType: 'PractitionerRole', id: '1' } as const;
  expect(asHsds(role)).toBe(role);
});

it('claims a profile only for what can hold to it', () => {
  const profileOf = (one: Parameters<typeof asHsds>[0]) => asHsds(one).meta?.profile;
  expect(profileOf(service())).toBeUndefined();
  expect(profileOf(service({ providedBy: { reference: 'Organization/1' } }))).toEqual([
    guideProfiles.HealthcareService,
  ]);
  expect(profileOf({ resourceType: 'Location', name: 'Here', status: 'suspended' })).toBeUndefined();
  expect(profileOf({ resourceType: 'Location' })).toBeUndefined();
  expect(profileOf({ resourceType: 'Organization', active: false, name: 'Gone' })).toBeUndefined();
});

it.each([
  ['HealthcareService', guideProfiles.HealthcareService, 'view=hsds&active=true'],
  ['Location', `${guideProfiles.Location}|1.0.0`, 'view=hsds&status=active'],
  ['Location', guideProfiles.Organization, undefined],
  ['Task', guideProfiles.Organization, undefined],
] as const)('a search for %s by %s', (type, profile, becomes) => {
  const asked = new URLSearchParams({ _profile: profile });
  const stored = guideQuery(type, asked);
  expect(stored.toString()).toBe(becomes ?? asked.toString());
  expect(guideQuery(type, stored)).toBe(stored);
});
