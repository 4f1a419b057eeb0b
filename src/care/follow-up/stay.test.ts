import type { Encounter } from '@medplum/fhirtypes';
import { expect, it } from 'vitest';
import { leaving, plannedEnd } from './stay.ts';

const chicago = 'America/Chicago';

const stay = (status: Encounter['status'], planned?: string, end?: string): Encounter => ({
  resourceType: 'Encounter',
  status,
  class: { code: 'IMP' },
  ...(planned ? { extension: [{ url: plannedEnd, valueDateTime: planned }] } : {}),
  ...(end ? { period: { end } } : {}),
});

it.each([
  [
    'a day is the day at the facility, not in UTC',
    stay('in-progress', '2026-03-05'),
    '2026-03-05T18:00:00.000Z',
    true,
  ],
  ['a moment is that moment', stay('onleave', '2026-03-05T10:00:00-06:00'), '2026-03-05T16:00:00.000Z', true],
  [
    'who has left has left',
    stay('finished', '2026-03-05', '2026-03-04T20:00:00Z'),
    '2026-03-04T20:00:00.000Z',
    false,
  ],
] as const)('%s', (_, encounter, at, planned) => {
  expect(leaving(encounter, chicago)).toEqual({ at: new Date(at), planned });
});

it.each([
  ['nobody knows yet', stay('in-progress')],
  ['a stay that was called off', stay('cancelled', '2026-03-05')],
])('%s: nothing is expected', (_, encounter) => {
  expect(leaving(encounter, chicago)).toBeUndefined();
});
