import type { Organization } from '@medplum/fhirtypes';
import { expect, it } from 'vitest';
import { isQuiet, localTime, quietHours, wishOf } from './wishes.ts';

const organization = (zone: string, from?: string, to?: string): Organization => ({
  resourceType: 'Organization',
  extension: [
    { url: 'http://hl7.org/fhir/StructureDefinition/timezone', valueCode: zone },
    ...(from && to
      ? [
          {
            url: quietHours,
            extension: [
              { url: 'from', valueTime: from },
              { url: 'to', valueTime: to },
            ],
          },
        ]
      : []),
  ],
});

it.each([
  ['America/Chicago', '21:00:00', '07:00:00', '2026-03-03T03:30:00Z', true],
  ['America/Chicago', '21:00:00', '07:00:00', '2026-03-03T02:59:00Z', false],
  ['America/Chicago', '21:00:00', '07:00:00', '2026-03-03T12:59:00Z', true],
  ['America/Chicago', '21:00:00', '07:00:00', '2026-03-03T13:00:00Z', false],
  // An hour earlier once the clocks have changed.
  ['America/Chicago', '21:00:00', '07:00:00', '2026-03-09T12:00:00Z', false],
  ['America/New_York', '12:00:00', '13:00:00', '2026-03-03T17:30:00Z', true],
  ['America/New_York', '12:00:00', '13:00:00', '2026-03-03T18:00:00Z', false],
  ['Nowhere/Atall', '09:00:00', '10:00:00', '2026-03-03T09:30:00Z', true],
])('in %s from %s to %s it is quiet at %s: %s', (zone, from, to, at, quiet) => {
  expect(isQuiet(organization(zone, from, to), new Date(at))).toBe(quiet);
});

it('without quiet hours it is never quiet', () => {
  expect(isQuiet(organization('UTC'), new Date('2026-03-03T03:00:00Z'))).toBe(false);
});

it('tells the date on the clocks of the organization', () => {
  expect(localTime(organization('America/Chicago'), new Date('2026-03-03T05:30:00Z'))).toEqual({
    date: '2026-03-02',
    time: '23:30',
  });
});

it('without a tag nobody has a wish', () => {
  expect(wishOf({ resourceType: 'PractitionerRole' })).toBeUndefined();
});
