import type { Task } from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import { open, type ReferralEvent } from './possible.ts';
import { type State, stateOf } from './state.ts';
import type { StepCode } from './steps.ts';
import { transitions } from './table.ts';
import type { Party } from './transition.ts';

export interface Wanted {
  status: string;
  step?: StepCode | undefined;
}

const nameOf: Record<Party, string> = {
  source: 'the sender',
  target: 'the receiver',
  claimant: 'an organization that may claim it',
  hub: 'the hub',
};

/** Says where the referral stands, what was asked for, and what is possible from here for who asked. */
export function refusal(before: Task | undefined, wanted: Wanted, parties: ReadonlySet<Party>): HubError {
  const state = before && stateOf(before);
  const who = [...parties].map(party => nameOf[party]).join(' and ');
  const where = state
    ? `The referral is ${describe(state.status, state.step)}`
    : 'A referral that is not there yet';
  const asked = askedFor(wanted, parties);
  const event = asked
    ? `"${asked.event}" (${describe(wanted.status, wanted.step)})`
    : describe(wanted.status, wanted.step);
  const owner = asked && !parties.has(asked.by) ? `, which is for ${nameOf[asked.by]}` : '';
  const statusAlone = state?.status === wanted.status;
  return new HubError('unprocessable', {
    text: `${where}: ${who} cannot make it ${event}${owner}. Possible from here for ${who}: ${choices(state, parties)}.`,
    expression: statusAlone ? 'Task.businessStatus' : 'Task.status',
  });
}

const describe = (status: string, step: StepCode | undefined): string =>
  step ? `${status}, ${step}` : status;

/** The event somebody could have meant, of their own party if there is one. */
function askedFor({ status, step }: Wanted, parties: ReadonlySet<Party>): ReferralEvent | undefined {
  const fitting = transitions.filter(
    one => !one.internal && one.to.status === status && (step === undefined || one.to.step === step),
  );
  return fitting.find(one => parties.has(one.by)) ?? fitting[0];
}

function choices(state: State | undefined, parties: ReadonlySet<Party>): string {
  const events = open(state, parties).map(one => {
    const step =
      one.to.step === 'prior' || one.to.step === 'mirrored' || one.to.step === 'same'
        ? undefined
        : one.to.step;
    const needs = one.needs?.includes('output') ? ' with an output' : '';
    return `${one.event} (${one.to.status}${one.explicit && step ? `, ${step}` : ''})${needs}`;
  });
  if (!state) return events.join(', ') || 'nothing';
  const additions =
    parties.has('source') || parties.has('target') || parties.has('hub') ? ['adding a note'] : [];
  if (parties.has('target')) additions.push('adding an output');
  return [...events, ...additions].join(', ') || 'nothing';
}

/** The refusal for an organization that is no party of the referral. */
export function notAParty(): HubError {
  return new HubError('forbidden', {
    text: 'Only the sender and the receiver of a referral change its Task; this organization is neither.',
    expression: 'Task',
  });
}
