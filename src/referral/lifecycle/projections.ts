import { isDeepStrictEqual } from 'node:util';
import type { Task } from '@medplum/fhirtypes';
import { type ReferralEvent, stepAfter } from './possible.ts';
import { hasHubReason, offerEnds } from './reasons.ts';
import { priorStep, stateOf } from './state.ts';
import type { BserCode, StepCode } from './steps.ts';
import { transitionOf, transitions } from './table.ts';
import { fits, type Message360X } from './transition.ts';

/** A referral as BSeR 2.0 sees it: its Task.status and business status. */
export interface BserView {
  status: Task['status'];
  code?: BserCode;
}

/** How a stored referral Task stands in BSeR's words (https://hl7.org/fhir/us/bser). */
export function bserView(task: Task): BserView {
  const { status, step } = stateOf(task);
  if (status === 'requested') return { status: 'received', code: '2.0' };
  if (status === 'failed' || (status === 'cancelled' && step === '4.0'))
    return { status: 'rejected', code: '4.0' };
  if (status === 'on-hold') return { status: 'in-progress', code: bserCode(priorStep(task)) };
  if (status === 'in-progress') return { status, code: bserCode(step) };
  return step ? { status, code: bserCode(step) } : { status };
}

/** A step that BSeR has no code for is shown as accepted. */
const bserCode = (step: StepCode | undefined): BserCode =>
  step === undefined || step === 'in-progress' || step === 'waitlisted' ? '3.0' : step;

/**
 * The views that a BSeR party goes through from one version of a Task to the next: mostly one. A cancellation that
 * the hub confirms by itself is first asked for (5.2), then confirmed (6.0).
 */
export function bserViews(before: Task | undefined, after: Task): BserView[] {
  const event = eventBetween(before, after)?.event;
  const asked: BserView[] =
    event === 'cancel' || event === 'cancel-under-way' ? [{ status: 'in-progress', code: '5.2' }] : [];
  return [...asked, bserView(after)];
}

/** The IHE 360X messages that say the same as the step from one version of a Task to the next. */
export function messages360X(before: Task | undefined, after: Task): readonly Message360X[] {
  const event = eventBetween(before, after);
  if (!event || (event.event === 'edit' && !hasMoreOutput(before, after))) return [];
  return event.messages;
}

const hasMoreOutput = (before: Task | undefined, after: Task): boolean =>
  (after.output?.length ?? 0) > (before?.output?.length ?? 0);

/** The event that led from one stored version of a Task to the next; undefined where the table has none (an import). */
export function eventBetween(before: Task | undefined, after: Task): ReferralEvent | undefined {
  const [was, is] = [before && stateOf(before), stateOf(after)];
  if (was && was.status === is.status && was.step === is.step && was.cut === is.cut) {
    const visit = is.step === '5.1.1' && !isDeepStrictEqual(before?.executionPeriod, after.executionPeriod);
    return transitionOf(visit ? 'schedule' : 'edit');
  }
  const ends = offerEnds.some(code => hasHubReason(after, code));
  return transitions.find(
    one =>
      fits(one, was) &&
      one.to.status === is.status &&
      (one.to.step === 'mirrored' || stepAfter(one, before) === is.step) &&
      (one.event === 'withdraw-offer' || one.event === 'cancel'
        ? (one.event === 'withdraw-offer') === ends
        : true) &&
      (one.event === 'cancel-under-way') === is.cut,
  );
}
