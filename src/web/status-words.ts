import type { Task } from '@medplum/fhirtypes';
import nextActions from '../../terminology/next-action.json' with { type: 'json' };
import { wordsOf } from '../referral/lifecycle/reasons.ts';
import { type State, stateOf } from '../referral/lifecycle/state.ts';
import type { StepCode } from '../referral/lifecycle/steps.ts';

/** While the referral is under way the step says more than the status. */
const ofStep: Partial<Record<StepCode, string>> = {
  '3.0': 'Accepted',
  'in-progress': 'Started',
  '5.1.1': 'Visit scheduled',
  '5.1.2': 'Visit missed',
  '5.1.3': 'Visit cancelled',
  '5.1.4': 'Visit kept',
  '5.2': 'Cancellation asked for',
  waitlisted: 'On hold',
};

const ofStatus: Record<Task['status'], string> = {
  draft: 'Draft',
  requested: 'Asked, no answer yet',
  received: 'Asked, no answer yet',
  accepted: 'Accepted',
  ready: 'Accepted',
  rejected: 'Declined',
  'in-progress': 'Under way',
  'on-hold': 'On hold',
  failed: 'Could not be done',
  completed: 'Completed',
  cancelled: 'Cancelled',
  'entered-in-error': 'Entered in error',
};

/**
 * Where a referral stands, in words.
 * @param below the hub's Task to the organization that it asks, for a Task which the hub works on
 */
export function statusWords(task: Task, below?: Task): string {
  const state = stateOf(task);
  if (state.status === 'cancelled' && state.step === '4.0') return 'Given back after accepting';
  if (task.status === 'accepted' && below && stateOf(below).status === 'requested') return ofStatus.requested;
  return stepWords(state) ?? ofStatus[task.status];
}

const stepWords = ({ status, step }: State): string | undefined =>
  status === 'in-progress' && step ? ofStep[step] : undefined;

/** Why it ended or rests, as its owner said it. */
export const reasonWords = (task: Task): string | undefined => wordsOf(task.statusReason);

/** What has to be done next (code system `next-action`). */
export function actionWords(action: string): string {
  return nextActions.concept.find(({ code }) => code === action)?.display ?? action;
}
