import { isDeepStrictEqual } from 'node:util';
import type { CodeableConcept, Task } from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import { isBserEcho } from './bser-task.ts';
import { open, type ReferralEvent, stepAfter } from './possible.ts';
import { notAParty, refusal, type Wanted } from './refusal.ts';
import { type State, stateOf } from './state.ts';
import { businessStatus, type StepCode, stepGiven } from './steps.ts';
import { transitionOf } from './table.ts';
import type { Party } from './transition.ts';

/** A Task as it was and as somebody wants it, and what they are to it. */
export interface Proposal {
  before: Task | undefined;
  after: Task;
  parties: ReadonlySet<Party>;
}

export interface Classified {
  transition: ReferralEvent;
  /** The business status as the writer gave it, when it says something new about the state this leads to. */
  given?: CodeableConcept;
}

/** The event that a plain `PUT` or `PATCH` is; refused when the table has none from here for this party. */
export function classify({ before, after, parties }: Proposal): Classified {
  if (parties.size === 0) throw notAParty();
  const state = before && stateOf(before);
  const echo = before !== undefined && isBserEcho(before, after);
  const same = echo || isDeepStrictEqual(before?.businessStatus, after.businessStatus);
  const given = same || isPassedOn(before, after) ? undefined : after.businessStatus;
  const told = stepGiven(given);
  const step = told === state?.step ? undefined : told;
  const wanted = echo
    ? plain(before, before, undefined)
    : fromBser(plain(before, after, step), state, parties);
  const transition =
    lateOutcome(before, after, parties) ??
    sameState(wanted, state, before, after, parties) ??
    find(wanted, state, before, parties);
  requireOutput(transition, before, after);
  if (given && transition.event === 'edit') requireReceiver(given, before, parties);
  const fitting = told === undefined || told === stepAfter(transition, before);
  return given && fitting ? { transition, given } : { transition };
}

/** A platform that asks on sends a copy of the Task that it was asked by: its business status is that one's. */
const isPassedOn = (before: Task | undefined, after: Task): boolean =>
  before === undefined && (after.partOf?.length ?? 0) > 0;

function find(
  wanted: Wanted,
  state: State | undefined,
  before: Task | undefined,
  parties: ReadonlySet<Party>,
): ReferralEvent {
  const matching = open(state, parties).filter(
    one =>
      one.to.status === wanted.status &&
      (wanted.step === undefined ? !one.explicit : stepAfter(one, before) === wanted.step),
  );
  const [match] = matching.sort((a, b) => precedence.indexOf(a.by) - precedence.indexOf(b.by));
  if (!match) throw refusal(before, wanted, parties);
  return match;
}

/** Who is several parties at once acts as the hub first, then as the receiver. */
const precedence: readonly Party[] = ['hub', 'target', 'source', 'claimant'];

function plain(before: Task | undefined, after: Task, step: StepCode | undefined): Wanted {
  const kept = before && before.status === after.status;
  const status = kept ? stateOf(before).status : after.status === 'received' ? 'requested' : after.status;
  return { status, step };
}

/**
 * The two events that a BSeR sender says in other words than the hub stores: a decline after acceptance
 * (rejected, 4.0) is a withdrawal, a cancellation request before acceptance (in-progress, 5.2) is a cancellation.
 */
function fromBser(wanted: Wanted, state: State | undefined, parties: ReadonlySet<Party>): Wanted {
  const accepted =
    state?.status === 'accepted' || state?.status === 'in-progress' || state?.status === 'on-hold';
  if (wanted.status === 'rejected' && wanted.step === '4.0' && accepted && parties.has('target')) {
    return { status: 'cancelled', step: '4.0' };
  }
  if (
    wanted.status === 'in-progress' &&
    wanted.step === '5.2' &&
    state?.status === 'requested' &&
    parties.has('source')
  ) {
    return { status: 'cancelled', step: '6.0' };
  }
  return wanted;
}

/** Nothing moves: an edit, or another date for a visit. */
function sameState(
  wanted: Wanted,
  state: State | undefined,
  before: Task | undefined,
  after: Task,
  parties: ReadonlySet<Party>,
): ReferralEvent | undefined {
  if (!state || !before || wanted.status !== state.status || wanted.step !== undefined) return undefined;
  if (parties.has('claimant') && parties.size === 1) throw refusal(before, wanted, parties);
  const moved = !isDeepStrictEqual(before.executionPeriod, after.executionPeriod);
  if (parties.has('target') && state.step === '5.1.1' && moved) return transitionOf('schedule');
  return transitionOf('edit');
}

/** The sender cancelled while the receiver was at work: what comes of it is kept, the status stays. */
function lateOutcome(
  before: Task | undefined,
  after: Task,
  parties: ReadonlySet<Party>,
): ReferralEvent | undefined {
  if (!before || !stateOf(before).cut || !parties.has('target')) return undefined;
  if (after.status !== 'completed' && after.status !== before.status) return undefined;
  return addsOutput(before, after) ? transitionOf('late-outcome') : undefined;
}

function addsOutput(before: Task | undefined, after: Task): boolean {
  return (after.output ?? []).some(one => !before?.output?.some(other => isDeepStrictEqual(one, other)));
}

function requireOutput(transition: ReferralEvent, before: Task | undefined, after: Task): void {
  if (!transition.needs?.includes('output') || after.output?.length || before?.output?.length) return;
  throw new HubError('unprocessable', {
    text: `"${transition.event}" needs at least one Task.output: refer to what came of the referral, e.g. a Procedure or a DocumentReference.`,
    expression: 'Task.output',
    code: 'required',
  });
}

/** Within a step only who works on the referral says more finely where it stands. */
function requireReceiver(
  given: CodeableConcept,
  before: Task | undefined,
  parties: ReadonlySet<Party>,
): void {
  if (!before || parties.has('target') || parties.has('hub')) return;
  const step = stateOf(before).step;
  if (step && isDeepStrictEqual(businessStatus(step, given), before.businessStatus)) return;
  throw new HubError('unprocessable', {
    text: "Task.businessStatus within a step is the receiver's: leave it as it is, or write a note.",
    expression: 'Task.businessStatus',
  });
}
