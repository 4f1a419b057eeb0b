import type { ParametersParameter, Task } from '@medplum/fhirtypes';
import { reference } from '../harness/referral.ts';
import { procedure } from './by-plain-writes.ts';
import type { Ability, Deeds } from './participant.ts';

type Input = Omit<ParametersParameter, 'name'>;
const says = (valueString: string): Input => ({ valueString });
const code = (valueCode: string): Input => ({ valueCode });

/** As an application that asks the hub what can be done, and calls its operations. */
export function byOperations(able: Ability): Deeds {
  const call = async (task: Task & { id: string }, name: string, inputs: Record<string, Input> = {}) =>
    able.client.operation({
      name: `$${name}`,
      resourceType: 'Task',
      id: task.id,
      input: {
        resourceType: 'Parameters',
        parameter: Object.entries(inputs).map(([input, value]) => ({ name: input, ...value })),
      },
    } as never);
  const own = async (name: string, inputs?: Record<string, Input>) => call(await able.asked(), name, inputs);
  const sent = async (name: string, inputs?: Record<string, Input>) =>
    call(await able.asking(), name, inputs);
  return {
    accepts: () => own('accept'),
    declines: (reason, text) => own('decline', { reason: code(reason), comment: says(text) }),
    redirects: (to, text) =>
      own('redirect', { to: { valueReference: { reference: to.organization } }, comment: says(text) }),
    schedules: start => own('schedule', { start: { valueDateTime: start } }),
    reports: visit => own(visit === 'kept' ? 'keep' : 'no-show'),
    waitlists: text => own('hold', { reason: code('waitlist'), comment: says(text) }),
    resumes: () => own('resume'),
    async cannotReach(text) {
      for (const outcome of ['no-answer', 'left-message', 'no-answer'])
        await own('contact-attempt', { medium: code('PHONE'), outcome: code(outcome) });
      return own('fail', { reason: code('unable-to-contact'), comment: says(text) });
    },
    async completes(what) {
      const output = { valueReference: reference(await procedure(able, what)) };
      return own('complete', { closure: code('engaged'), received: code('yes'), output });
    },
    asksBack: question => own('ask', { text: says(question) }),
    answers: text => sent('answer', { text: says(text) }),
    asksToCancel: text => sent('cancel', { comment: says(text) }),
    cancelsAtOnce: text => sent('cancel', { comment: says(text), 'at-once': { valueBoolean: true } }),
    confirmsCancellation: () => own('confirm-cancellation'),
  };
}
