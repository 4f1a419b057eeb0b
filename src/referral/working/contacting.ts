import type { CodeableConcept, Communication } from '@medplum/fhirtypes';
import { system } from '../../fhir/canonical.ts';
import { isWorking, stateOf } from '../lifecycle/state.ts';
import { businessStatus } from '../lifecycle/steps.ts';
import { type Action, type Change, comment, identifier, type Work } from './action.ts';
import { attemptsOf } from './contact-attempts.ts';
import { communication, creation } from './correspondence.ts';
import type { Inputs } from './inputs.ts';
import { attemptsBeforeUnableToContact } from './reasons.ts';
import { stepChange } from './step-change.ts';
import { contactMedia, contactOutcomes } from './vocabulary.ts';

export const contacting: readonly Action[] = [
  {
    name: 'contact-attempt',
    title: 'Record a contact attempt',
    means: `Somebody has tried to reach the person. After ${attemptsBeforeUnableToContact} attempts "unable-to-contact" may be the reason to close.`,
    when: ({ task, parties, target, hub }) =>
      parties.has('target') && target !== hub && isWorking(task) && stateOf(task).step !== '5.2',
    inputs: [
      {
        name: 'medium',
        type: 'CodeableConcept',
        required: true,
        vocabulary: contactMedia,
        means: 'By which way.',
      },
      {
        name: 'outcome',
        type: 'CodeableConcept',
        required: true,
        vocabulary: contactOutcomes,
        means: 'What came of it.',
      },
      comment,
      identifier,
    ],
    changes: attempted,
  },
];

async function attempted(work: Work, inputs: Inputs): Promise<Change[]> {
  const medium = inputs.concept('medium');
  const outcome = inputs.concept('outcome');
  const words = inputs.text('comment');
  const attempt = communication(work, 'contact-attempt', {
    ...(work.task.for ? { subject: work.task.for as NonNullable<Communication['subject']> } : {}),
    ...(medium ? { medium: [medium] } : {}),
    ...(outcome ? { statusReason: outcome } : {}),
    ...(words ? { payload: [{ contentString: words }] } : {}),
  });
  const number = (await attemptsOf(work)).length + 1;
  const note = `Contact attempt ${number}: ${said(medium)}, ${said(outcome)}.${words ? ` ${words}` : ''}`;
  return [{ ...step(work), note, also: [creation(attempt, inputs.identifier())] }];
}

const said = (concept: CodeableConcept | undefined): string =>
  (concept?.coding?.[0]?.display ?? '').toLowerCase();

/** Before there is a visit the business status says that somebody has tried; a visit that stands is more. */
function step({ task }: Work): Pick<Change, 'set'> {
  const { status, step: now } = stateOf(task);
  if (status !== 'accepted' && now !== 'in-progress') return {};
  const finer = { system: system.referralStatus, code: 'contact-attempted', display: 'Contact attempted' };
  const start = status === 'accepted' ? stepChange('start') : {};
  return { set: { ...start, businessStatus: businessStatus('in-progress', { coding: [finer] }) } };
}
