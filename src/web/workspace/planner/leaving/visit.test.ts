import type { Task } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { bserStep } from '../../../../demo/referral.ts';
import { type Visits, visitOf } from './visit.ts';

const zone = 'America/Chicago';
const left = new Date('2026-03-02T23:00:00Z');
const now = new Date('2026-03-04T18:00:00Z');
const since = new Date('2026-02-20T12:00:00Z');

const task = (step: '5.1.1' | '5.1.2' | '5.1.4', start: string): Task => ({
  resourceType: 'Task',
  status: 'in-progress',
  intent: 'order',
  businessStatus: bserStep(step),
  executionPeriod: { start },
});

const facts = (some: Partial<NonNullable<Visits['facts']>>) => ({
  booked: [],
  kept: [],
  missed: [],
  ...some,
});

describe('the visit that counts', () => {
  it.each<[string, Partial<Visits>, string | undefined]>([
    ['nothing is known', {}, undefined],
    ['booked by a referral', { tasks: [task('5.1.1', '2026-03-06T15:00:00Z')] }, 'booked 2026-03-06'],
    [
      'booked beside it, as the follow-up knows',
      { facts: facts({ booked: [new Date('2026-03-05T15:00:00Z')] }) },
      'booked 2026-03-05',
    ],
    [
      'the earlier of two',
      { tasks: [task('5.1.1', '2026-03-08T15:00:00Z'), task('5.1.1', '2026-03-06T15:00:00Z')] },
      'booked 2026-03-06',
    ],
    ['on the last day', { tasks: [task('5.1.1', '2026-03-09T20:00:00Z')] }, 'booked 2026-03-09'],
    ['a day too late is no visit in time', { tasks: [task('5.1.1', '2026-03-10T20:00:00Z')] }, undefined],
    ['on the day of the discharge itself', { tasks: [task('5.1.1', '2026-03-02T23:30:00Z')] }, undefined],
    [
      'missed, with nothing booked since',
      { tasks: [task('5.1.2', '2026-03-03T20:00:00Z')] },
      'missed 2026-03-03',
    ],
    [
      'missed, and booked again',
      { tasks: [task('5.1.2', '2026-03-03T20:00:00Z'), task('5.1.1', '2026-03-07T20:00:00Z')] },
      'booked 2026-03-07',
    ],
    [
      'kept',
      { tasks: [task('5.1.4', '2026-03-03T20:00:00Z'), task('5.1.1', '2026-03-07T20:00:00Z')] },
      'kept 2026-03-03',
    ],
    [
      'of this morning, not told yet how it went',
      { tasks: [task('5.1.1', '2026-03-04T15:00:00Z')] },
      'booked 2026-03-04',
    ],
    ['of days ago, never told how it went', { tasks: [task('5.1.1', '2026-03-03T15:00:00Z')] }, undefined],
    [
      'nobody knows when they leave: any that is ahead',
      { leaving: undefined, tasks: [task('5.1.1', '2026-04-10T15:00:00Z')] },
      'booked 2026-04-10',
    ],
    [
      'nobody knows when they leave: not one of an earlier stay',
      { leaving: undefined, tasks: [task('5.1.4', '2026-02-01T15:00:00Z')] },
      undefined,
    ],
  ])('%s', (_, known, expected) => {
    const visit = visitOf({ tasks: [], leaving: left, since, ...known }, { zone, now });
    expect(visit && `${visit.state} ${visit.at.toISOString().slice(0, 10)}`).toBe(expected);
  });
});
