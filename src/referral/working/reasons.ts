import type { CodeableConcept } from '@medplum/fhirtypes';
import rules from '../../../terminology/referral-working.json' with { type: 'json' };
import { HubError } from '../../errors.ts';
import type { Work } from './action.ts';
import { attemptsOf } from './contact-attempts.ts';
import type { InputDefinition, Inputs } from './inputs.ts';
import type { Vocabulary } from './vocabulary.ts';

/** A coded reason, as the hub's own operations require one; the text is that of `comment`. */
export const reason = (vocabulary: Vocabulary, means: string): InputDefinition => ({
  name: 'reason',
  type: 'CodeableConcept',
  required: true,
  vocabulary,
  means,
});

export const reasonComment: InputDefinition = {
  name: 'comment',
  type: 'string',
  means: 'The reason in words, for the other party; required for the reason "other".',
};

/** The reason as `Task.statusReason`: its code, and a text that a person can read. */
export async function statusReason(work: Work, inputs: Inputs): Promise<CodeableConcept> {
  const given = inputs.concept('reason');
  const [coding] = given?.coding ?? [];
  const text = inputs.text('comment') ?? given?.text;
  if (coding?.code === 'other' && text === undefined) {
    throw new HubError('invalid', {
      text: 'comment is required for the reason "other": say it in words.',
      expression: 'Parameters.parameter',
      code: 'required',
    });
  }
  if (coding?.code === 'unable-to-contact') await requireAttempts(work);
  return { ...given, text: text ?? coding?.display ?? '' };
}

export const { attemptsBeforeUnableToContact } = rules;

/** Nobody is given up as unreachable before somebody has really tried. */
async function requireAttempts(work: Work): Promise<void> {
  const made = (await attemptsOf(work)).length;
  if (made >= attemptsBeforeUnableToContact) return;
  throw new HubError('unprocessable', {
    text: `"unable-to-contact" needs ${attemptsBeforeUnableToContact} contact attempts, and ${made} are recorded: record each with $contact-attempt.`,
    expression: 'Task.statusReason',
  });
}
