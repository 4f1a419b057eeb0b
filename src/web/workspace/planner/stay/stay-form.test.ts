import type { Encounter } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { plannedEnd } from '../../../../care/follow-up/stay.ts';
import { HubError } from '../../../../errors.ts';
import { discharged, withExpected } from './leave.ts';
import { fieldMoment, momentIn, zoneWords } from './moments.ts';
import { type StayFields, stayIn } from './stay-form.ts';

const zone = 'America/Chicago';
const now = new Date('2026-03-05T18:00:00Z');
const place = { organization: 'hospital', patient: 'p', zone, now };
const fields = (some: Partial<StayFields> = {}): StayFields => ({
  kind: 'psychiatric',
  admitted: '2026-03-04T22:15',
  ward: '',
  expected: '',
  reason: '',
  ...some,
});

/** The fields that are said to be wrong. */
function faults(attempt: () => unknown): (string | undefined)[] {
  try {
    attempt();
    return [];
  } catch (error) {
    if (error instanceof HubError) return error.problems.map(({ expression }) => expression);
    throw error;
  }
}

describe('a stay by hand', () => {
  it('is an Encounter in progress, with each diagnosis as a Condition of it, in one commit', () => {
    const diagnosis = { system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'F33.2', display: 'Recurrent' };
    const operations = stayIn(fields({ expected: '2026-03-09', ward: '4 West' }), [diagnosis], place);
    const [stay, condition] = operations.map(one => (one.kind === 'create' ? one : undefined));
    expect(stay?.resource).toMatchObject({
      status: 'in-progress',
      extension: [{ url: plannedEnd, valueDateTime: '2026-03-09' }],
      period: { start: '2026-03-05T04:15:00.000Z' },
      serviceType: { coding: [{ code: '138' }] },
      diagnosis: [{ condition: { reference: condition?.fullUrl } }],
      location: [{ location: { display: '4 West' } }],
    });
    expect(condition?.resource).toMatchObject({
      code: { coding: [diagnosis] },
      encounter: { reference: stay?.fullUrl },
      subject: { reference: 'Patient/p' },
    });
  });

  it('that is not psychiatric does not say so', () => {
    const [stay] = stayIn(fields({ kind: 'other' }), [], place);
    expect(stay?.kind === 'create' && stay.resource).not.toHaveProperty('serviceType');
  });

  it.each<[Partial<StayFields>, string]>([
    [{ kind: 'x' }, 'kind'],
    [{ admitted: '' }, 'admitted'],
    [{ admitted: '2026-02-30T10:00' }, 'admitted'],
    [{ admitted: '2026-03-05T13:00' }, 'admitted'],
    [{ expected: '2026-03-03' }, 'expected'],
    [{ expected: 'tomorrow' }, 'expected'],
    [{ expected: '2062-03-09' }, 'expected'],
  ])('%j is said to be wrong at %s', (wrong, field) => {
    expect(faults(() => stayIn(fields(wrong), [], place))).toEqual([field]);
  });
});

const stay: Encounter = {
  resourceType: 'Encounter',
  status: 'in-progress',
  class: { code: 'IMP' },
  extension: [
    { url: 'https://example.org/other', valueString: 'kept' },
    { url: plannedEnd, valueDateTime: '2026-03-07' },
  ],
  period: { start: '2026-03-01T12:00:00Z' },
};
const home = { system: 'http://terminology.hl7.org/CodeSystem/discharge-disposition', code: 'home' };

describe('changing it', () => {
  it('another day takes the place of the one before, and of nothing else', () => {
    expect(withExpected(stay, '2026-03-10', zone).extension).toEqual([
      { url: 'https://example.org/other', valueString: 'kept' },
      { url: plannedEnd, valueDateTime: '2026-03-10' },
    ]);
    expect(faults(() => withExpected(stay, '2026-02-27', zone))).toEqual(['expected']);
  });

  it('the discharge ends it, and keeps what was expected', () => {
    const after = discharged(stay, { left: '2026-03-05T11:30', disposition: home }, { zone, now });
    expect(after).toEqual({
      ...stay,
      status: 'finished',
      period: { start: '2026-03-01T12:00:00Z', end: '2026-03-05T17:30:00.000Z' },
      hospitalization: { dischargeDisposition: { coding: [home] } },
    });
  });

  it.each([
    ['', home, ['left']],
    ['2026-03-05T12:30', home, ['left']],
    ['2026-02-28T11:30', home, ['left']],
    ['2026-03-05T11:30', undefined, ['disposition']],
    ['', undefined, ['left', 'disposition']],
  ])('left “%s”, to %j: wrong at %j', (left, disposition, fields) => {
    expect(faults(() => discharged(stay, { left, disposition }, { zone, now }))).toEqual(fields);
  });
});

describe('times of a place', () => {
  it('a field says them without a zone', () => {
    expect(fieldMoment(now, zone)).toBe('2026-03-05T12:00');
    expect(momentIn('2026-03-05T12:00', zone)).toEqual(now);
    expect(momentIn('2026-07-05T12:00', zone)?.toISOString()).toBe('2026-07-05T17:00:00.000Z');
    expect(momentIn('now', zone)).toBeUndefined();
    expect(zoneWords(zone, now)).toBe('Central Time');
  });
});
