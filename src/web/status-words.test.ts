import type { Task } from '@medplum/fhirtypes';
import { expect, it } from 'vitest';
import nextActions from '../../terminology/next-action.json' with { type: 'json' };
import { extension } from '../fhir/canonical.ts';
import { stepsOf } from '../referral/lifecycle/state.ts';
import { businessStatus, type StepCode } from '../referral/lifecycle/steps.ts';
import { actionWords, statusWords } from './status-words.ts';

const task = (status: Task['status'], step?: StepCode): Task => ({
  resourceType: 'Task',
  status,
  intent: 'order',
  ...(step ? { businessStatus: businessStatus(step) } : {}),
});

it.each([
  ['draft', undefined, 'Draft'],
  ['requested', '2.0', 'Asked, no answer yet'],
  ['received', '2.0', 'Asked, no answer yet'],
  ['accepted', '3.0', 'Accepted'],
  ['rejected', '4.0', 'Declined'],
  ['in-progress', 'in-progress', 'Started'],
  ['in-progress', '5.1.1', 'Visit scheduled'],
  ['in-progress', '5.1.2', 'Visit missed'],
  ['in-progress', '5.1.3', 'Visit cancelled'],
  ['in-progress', '5.1.4', 'Visit kept'],
  ['in-progress', '5.2', 'Cancellation asked for'],
  ['in-progress', '3.0', 'Accepted'],
  ['in-progress', 'waitlisted', 'On hold'],
  ['on-hold', 'waitlisted', 'On hold'],
  ['completed', '7.0', 'Completed'],
  ['failed', '4.0', 'Could not be done'],
  ['cancelled', '6.0', 'Cancelled'],
  ['cancelled', '4.0', 'Given back after accepting'],
  ['entered-in-error', undefined, 'Entered in error'],
] as const)('%s at %s is "%s"', (status, step, words) => {
  expect(statusWords(task(status, step))).toBe(words);
});

it('has words for every state there is', () => {
  for (const [status, steps] of Object.entries(stepsOf)) {
    for (const step of steps.length ? steps : [undefined]) {
      expect(statusWords(task(status as Task['status'], step)), `${status} ${step}`).toMatch(/^[A-Z]/);
    }
  }
});

it('tells what the hub waits for, not that the hub has it', () => {
  expect(statusWords(task('accepted', '3.0'), task('requested', '2.0'))).toBe('Asked, no answer yet');
  expect(statusWords(task('accepted', '3.0'), task('rejected', '4.0'))).toBe('Accepted');
});

it('tells a sender’s cancellation from a receiver’s, also under way', () => {
  const prior = { url: extension.priorStep, valueCodeableConcept: businessStatus('5.1.1') };
  expect(statusWords({ ...task('cancelled', '6.0'), extension: [prior] })).toBe('Cancelled');
});

it('has words for every action', () => {
  for (const { code, display } of nextActions.concept) expect(actionWords(code)).toBe(display);
});
