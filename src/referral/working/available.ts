import { HubError } from '../../errors.ts';
import { type Possible, possible } from '../lifecycle/possible.ts';
import { stateOf } from '../lifecycle/state.ts';
import { transitionOf } from '../lifecycle/table.ts';
import type { Party } from '../lifecycle/transition.ts';
import type { Action, Work } from './action.ts';
import { actions } from './actions.ts';

/** What the actor may do with the referral now. The table of the lifecycle is the judge. */
export function availableActions(work: Work): Action[] {
  const open = possible(work.task, work.parties);
  return actions.filter(one => isOpen(one, work, open));
}

function isOpen(action: Action, work: Work, open: readonly Possible[]): boolean {
  const event = !action.events || open.some(one => action.events?.includes(one.event));
  return (event && (action.when?.(work) ?? true)) || (action.afterwards?.(work) ?? false);
}

/** Whether the Task stands already where the action leads to, by this very party. */
export function isDone({ events, done }: Action, work: Work): boolean {
  const { task, parties } = work;
  const { status, step } = stateOf(task);
  if (done && !done(work)) return false;
  return (events ?? []).some(event => {
    const { by, to } = transitionOf(event);
    const mine = parties.has(by) || (by === 'claimant' && parties.has('target'));
    return mine && to.status === status && to.step === step;
  });
}

const nameOf: Record<Party, string> = {
  source: 'the sender',
  target: 'the receiver',
  claimant: 'an organization that may claim it',
  hub: 'the hub',
};

/** Says where the referral stands, what was asked for, and what is possible now for who asked. */
export function notAvailable({ name, events }: Action, work: Work): HubError {
  const { status, step } = stateOf(work.task);
  const who = [...work.parties].map(party => nameOf[party]).join(' and ');
  const asked = events ? ` ("${events.join('" or "')}")` : '';
  const now = availableActions(work).map(one => `$${one.name}`);
  return new HubError(work.parties.size === 0 ? 'forbidden' : 'unprocessable', {
    text: work.parties.size
      ? `The referral is ${step ? `${status}, ${step}` : status}: ${who} cannot $${name}${asked}. Possible now for ${who}: ${now.join(', ') || 'nothing'}.`
      : 'Only the sender and the receiver of a referral work on its Task; this organization is neither.',
    expression: 'Task.status',
  });
}
