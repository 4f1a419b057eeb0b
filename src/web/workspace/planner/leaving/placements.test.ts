import type { Task } from '@medplum/fhirtypes';
import { expect, it } from 'vitest';
import { bserStep } from '../../../../demo/referral.ts';
import type { Action } from '../../../../referral/lifecycle/due.ts';
import { nextStepExtension } from '../../../../referral/lifecycle/next-step.ts';
import { standingOf } from './placements.ts';

const since = new Date('2026-03-01T12:00:00Z');

/** A referral Task; `turn` by whom and what. */
const task = (status: Task['status'], about: Partial<Task> = {}, turn?: [string, Action]): Task => ({
  resourceType: 'Task',
  status,
  intent: 'order',
  owner: { reference: 'Organization/center' },
  lastModified: '2026-03-02T12:00:00Z',
  ...(turn
    ? { extension: [nextStepExtension({ turn: turn[0], action: turn[1], due: '2026-03-05T12:00:00Z' })] }
    : {}),
  ...about,
});

const hubs = { owner: { reference: 'Organization/hub' } };

it.each<[string, Task, Task | undefined, string | undefined]>([
  ['a draft', task('draft'), undefined, 'draft'],
  ['asked', task('requested'), undefined, 'asked'],
  ['accepted', task('accepted'), undefined, 'taken'],
  ['a visit is booked', task('in-progress', { businessStatus: bserStep('5.1.1') }), undefined, 'taken'],
  ['on a waiting list', task('on-hold'), undefined, 'on-hold'],
  [
    'a question for the hospital',
    task('requested', {}, ['hospital', 'provide-information']),
    undefined,
    'question',
  ],
  ['a question for another', task('requested', {}, ['center', 'provide-information']), undefined, 'asked'],
  [
    'declined, and the hospital chooses',
    task('rejected', {}, ['hospital', 'choose-again']),
    undefined,
    'choose',
  ],
  [
    'nobody answered, and the hospital decides',
    task('requested', {}, ['hospital', 'decide']),
    undefined,
    'choose',
  ],
  ['declined, and another was asked since', task('rejected'), undefined, undefined],
  ['completed in this stay', task('completed', {}, ['hospital', 'close-request']), undefined, 'done'],
  ['completed before it', task('completed', { lastModified: '2026-01-02T12:00:00Z' }), undefined, undefined],
  ['withdrawn', task('cancelled'), undefined, undefined],
  ['a mistake', task('entered-in-error'), undefined, undefined],
  ['the hub is looking', task('accepted', hubs), undefined, 'asked'],
  ['the hub has asked', task('accepted', hubs), task('requested'), 'asked'],
  ['whom the hub asked has declined', task('in-progress', hubs), task('rejected'), 'asked'],
  ['whom the hub asked has accepted', task('in-progress', hubs), task('accepted'), 'taken'],
  ['whom the hub asked has a waiting list', task('in-progress', hubs), task('on-hold'), 'on-hold'],
])('%s', (_, one, below, standing) => {
  expect(standingOf(one, below, { reader: 'hospital', since })).toBe(standing);
});
