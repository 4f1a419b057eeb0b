import { HubError } from '../../errors.ts';
import { stateOf } from '../lifecycle/state.ts';
import { type Action, type Change, comment, type Work } from './action.ts';
import type { Inputs } from './inputs.ts';
import { output, resultingActivity } from './outputs.ts';
import { reason, reasonComment, statusReason } from './reasons.ts';
import { stepChange } from './step-change.ts';
import { closureReasons, declineReasons, serviceReceived } from './vocabulary.ts';

/** Gives the referral back: the lifecycle cancels the visits that were booked for it. */
async function givingUp(work: Work, inputs: Inputs, event: 'fail' | 'withdraw'): Promise<Change[]> {
  return [{ set: { ...stepChange(event), statusReason: await statusReason(work, inputs) } }];
}

export const ending: readonly Action[] = [
  {
    name: 'complete',
    title: 'Complete',
    means:
      'The work is done: how the referral ended, what came of it, and whether the service was really received.',
    events: ['complete', 'complete-anyway'],
    // Cancelled while under way: an outcome is kept all the same.
    afterwards: ({ task, parties }) => parties.has('target') && stateOf(task).cut,
    inputs: [
      { ...reason(closureReasons, 'How the referral ended.'), name: 'closure' },
      {
        name: 'received',
        type: 'CodeableConcept',
        required: true,
        vocabulary: serviceReceived,
        means: 'Whether the person has really received the service: closed is not the same.',
      },
      {
        name: 'output',
        type: 'Reference',
        many: true,
        targets: [
          'Procedure',
          'Encounter',
          'DocumentReference',
          'Observation',
          'DiagnosticReport',
          'EpisodeOfCare',
        ],
        means: 'What came of it: the activity, a report.',
      },
      { ...comment, means: 'The outcome in words; becomes an output.' },
    ],
    changes: completing,
  },
  {
    name: 'fail',
    title: 'Could not be fulfilled',
    means: 'The work was tried and did not succeed, and why.',
    events: ['fail'],
    inputs: [reason(declineReasons, 'Why it could not be fulfilled.'), reasonComment],
    changes: (work, inputs) => givingUp(work, inputs, 'fail'),
  },
  {
    name: 'withdraw',
    title: 'Give back',
    means: 'The referral was accepted and is given back, and why: somebody else has to be asked.',
    events: ['withdraw'],
    inputs: [reason(declineReasons, 'Why it is given back.'), reasonComment],
    changes: (work, inputs) => givingUp(work, inputs, 'withdraw'),
  },
  {
    name: 'cancel',
    title: 'Cancel',
    means:
      'The referral is not needed any more. Before acceptance it ends at once; afterwards the receiver is asked to confirm, or told to stop with at-once.',
    events: ['cancel', 'request-cancellation', 'cancel-under-way'],
    inputs: [
      { ...comment, required: true, means: 'Why, in words.' },
      { name: 'at-once', type: 'boolean', means: 'Ends it without waiting for the receiver to confirm.' },
    ],
    changes: cancelling,
  },
  {
    name: 'confirm-cancellation',
    title: 'Confirm the cancellation',
    means: 'The work stops, as the sender has asked. Booked visits are cancelled.',
    events: ['confirm-cancellation'],
    inputs: [comment],
    changes: (_work, inputs) => [{ set: stepChange('confirm-cancellation'), note: inputs.text('comment') }],
  },
  {
    name: 'mark-error',
    title: 'Sent by mistake',
    means: 'The referral was an error: it never should have been.',
    events: ['mark-error'],
    inputs: [{ ...comment, required: true, means: 'What was wrong.' }],
    changes: (_work, inputs) => [{ set: stepChange('mark-error'), note: inputs.text('comment') }],
  },
];

async function completing(work: Work, inputs: Inputs): Promise<Change[]> {
  const closure = inputs.concept('closure');
  const received = inputs.concept('received');
  requireAgreement(inputs.code('closure'), inputs.code('received'));
  await statusReason(work, { ...inputs, concept: () => closure });
  const words = inputs.text('comment');
  const { step, cut } = stateOf(work.task);
  const ended: Change['set'] = {
    ...stepChange(step === '5.2' ? 'complete-anyway' : 'complete'),
    ...(closure ? { statusReason: { ...closure, text: words ?? closure.coding?.[0]?.display ?? '' } } : {}),
  };
  return [
    {
      ...(cut ? {} : { set: ended }),
      output: [
        ...inputs.references('output').map(resultingActivity),
        ...(received ? [output('service-received', { valueCodeableConcept: received })] : []),
        ...(words ? [output('outcome', { valueString: words })] : []),
      ],
    },
  ];
}

/** What is said twice must be the same. */
function requireAgreement(closure: string | undefined, received: string | undefined): void {
  const takenUp = closure === 'engaged' || closure === 'enrolled';
  if (!(takenUp && received === 'no') && !(closure === 'never-attended' && received === 'yes')) return;
  throw new HubError('invalid', {
    text: `received "${received}" does not go with the closure "${closure}": one of them is wrong.`,
    expression: 'Parameters.parameter',
  });
}

function cancelling({ task }: Work, inputs: Inputs): Change[] {
  const text = inputs.text('comment') ?? '';
  const offered = stateOf(task).status === 'requested';
  if (offered) return [{ set: { ...stepChange('cancel'), statusReason: { text } } }];
  if (inputs.flag('at-once')) return [{ set: { ...stepChange('cancel-under-way'), statusReason: { text } } }];
  // Asked for already: the receiver's answer is awaited.
  if (stateOf(task).step === '5.2') return [];
  return [{ set: stepChange('request-cancellation'), note: text }];
}
