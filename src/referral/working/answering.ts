import { type Action, type Change, comment, referenceOf, type Work } from './action.ts';
import type { Inputs } from './inputs.ts';
import { reason, reasonComment, statusReason } from './reasons.ts';
import { stepChange } from './step-change.ts';
import { bookVisit, requestedVisit, visitInputs } from './visits.ts';
import { declineReasons } from './vocabulary.ts';

const withoutRequired = visitInputs.map(({ required: _required, ...one }) => one);

/** Accepts, and where a first visit is named books it in the same commit; the step to "scheduled" follows. */
async function accepting(work: Work, inputs: Inputs, event: 'accept' | 'claim'): Promise<Change[]> {
  const owner = event === 'claim' ? { owner: referenceOf(work.organization) } : {};
  const accepted: Change = { set: { ...stepChange(event), ...owner }, note: inputs.text('comment') };
  const visit = await requestedVisit(work, inputs);
  if (!visit) return [accepted];
  const { also, set } = await bookVisit(work, visit);
  return [{ ...accepted, also: also ?? [] }, { set: set ?? {} }];
}

export const answering: readonly Action[] = [
  {
    name: 'send',
    title: 'Send the referral',
    means: 'Sends a draft to whom it names. From then on it has a turn and a due time.',
    events: ['send'],
    inputs: [comment],
    changes: (_work, inputs) => [{ set: stepChange('send'), note: inputs.text('comment') }],
  },
  {
    name: 'accept',
    title: 'Accept',
    means: 'Takes the referral on; with a Slot or a time also books the first visit.',
    events: ['accept'],
    inputs: [...withoutRequired, comment],
    changes: (work, inputs) => accepting(work, inputs, 'accept'),
  },
  {
    name: 'claim',
    title: 'Claim',
    means: 'Takes on a referral that asks nobody by name; the first that claims it has it.',
    events: ['claim'],
    inputs: [...withoutRequired, comment],
    changes: (work, inputs) => accepting(work, inputs, 'claim'),
  },
  {
    name: 'decline',
    title: 'Decline',
    means: 'Says no, and why, so that somebody else can be asked.',
    events: ['decline'],
    inputs: [reason(declineReasons, 'Why the referral is declined.'), reasonComment],
    changes: async (work, inputs) => [
      { set: { ...stepChange('decline'), statusReason: await statusReason(work, inputs) } },
    ],
  },
  {
    name: 'start',
    title: 'Start',
    means: 'Work has begun, before there is a visit.',
    events: ['start'],
    inputs: [comment],
    changes: (_work, inputs) => [{ set: stepChange('start'), note: inputs.text('comment') }],
  },
];
