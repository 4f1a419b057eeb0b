import type { Task } from '@medplum/fhirtypes';
import { priorStep, type State, type Status, stateOf } from './state.ts';
import type { StepCode } from './steps.ts';
import { type EventName, transitions } from './table.ts';
import { fits, type Party, type Transition } from './transition.ts';

export type ReferralEvent = Transition & { event: EventName };

/** An event that is open to a party now, with the Task.status and business status that ask for it. */
export interface Possible {
  event: EventName;
  status: Status;
  step?: StepCode;
  /** The status alone does not say it: the business status must be sent too. */
  explicit: boolean;
  needs: readonly ('reason' | 'output')[];
}

/**
 * What the hub does as the receiver of a sender's Task by itself; everything else there follows from the Tasks
 * of the organizations it asks.
 */
const ownOfTheHub: readonly EventName[] = ['accept', 'decline', 'fail', 'withdraw'];

/** The events open to someone who is all of these parties, in the state (`undefined`: nothing is there yet). */
export function open(state: State | undefined, parties: ReadonlySet<Party>): ReferralEvent[] {
  const hub = parties.has('hub');
  return transitions.filter(
    one =>
      parties.has(one.by) &&
      !one.internal &&
      fits(one, state) &&
      !(hub && one.by === 'target' && !ownOfTheHub.includes(one.event)),
  );
}

/** What the parties may do with the Task now. Notes, inputs and outputs can always be added beside these. */
export function possible(task: Task, parties: ReadonlySet<Party>): Possible[] {
  return open(stateOf(task), parties).map(one => {
    const step = stepAfter(one, task);
    return {
      event: one.event,
      status: one.to.status === 'same' ? task.status : one.to.status,
      ...(step ? { step } : {}),
      explicit: one.explicit ?? false,
      needs: one.needs ?? [],
    };
  });
}

/** The business status that an event leads to from where the Task stands. */
export function stepAfter(
  transition: Transition,
  before: Task | undefined,
  mirrored?: StepCode,
): StepCode | undefined {
  const { step } = transition.to;
  if (step === 'prior') return resumed(before);
  if (step === 'same') return before && stateOf(before).step;
  return step === 'mirrored' ? mirrored : step;
}

/** A resumed referral stands where it stood; one that had only been accepted is in progress now. */
function resumed(before: Task | undefined): StepCode {
  const prior = before && priorStep(before);
  return prior === undefined || prior === '3.0' ? 'in-progress' : prior;
}
