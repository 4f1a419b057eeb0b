import { type Action, comment } from './action.ts';
import { reason, reasonComment, statusReason } from './reasons.ts';
import { stepChange } from './step-change.ts';
import { holdReasons } from './vocabulary.ts';

export const pausing: readonly Action[] = [
  {
    name: 'hold',
    title: 'Put on hold',
    means:
      'The referral rests, and why: its step is kept to come back to. With the reason "waitlist" it has a position on the list of its service.',
    events: ['hold'],
    inputs: [reason(holdReasons, 'Why the referral rests.'), reasonComment],
    changes: async (work, inputs) => [
      { set: { ...stepChange('hold'), statusReason: await statusReason(work, inputs) } },
    ],
  },
  {
    name: 'resume',
    title: 'Resume',
    means: 'The referral goes on at the step where it was put on hold.',
    events: ['resume'],
    inputs: [comment],
    changes: (_work, inputs) => [{ set: stepChange('resume'), note: inputs.text('comment') }],
  },
];
