import type { Communication, Task } from '@medplum/fhirtypes';
import { system } from '../../fhir/canonical.ts';
import { stateOf } from '../lifecycle/state.ts';
import { asksSomething, businessStatus } from '../lifecycle/steps.ts';
import { type Action, identifier, type Work } from './action.ts';
import { aboutTasks, communication, creation, isCategory, payload, recipients } from './correspondence.ts';
import type { InputDefinition, Inputs } from './inputs.ts';
import { stepChange } from './step-change.ts';

const text: InputDefinition = {
  name: 'text',
  type: 'string',
  required: true,
  means: 'What is said.',
};

const document: InputDefinition = {
  name: 'document',
  type: 'Reference',
  many: true,
  targets: ['DocumentReference', 'QuestionnaireResponse', 'Observation', 'Condition', 'Consent', 'Coverage'],
  means: 'What goes along with it.',
};

/** Before the answer, or at work while no visit stands: only there a question stops the clock. */
const mayAsk = ({ task, parties, target, hub }: Work): boolean => {
  const { status, step, owned } = stateOf(task);
  const there = (status === 'requested' && owned) || status === 'accepted' || step === 'in-progress';
  return parties.has('target') && target !== hub && there && !asksSomething(task.businessStatus);
};

/** The Tasks with an open question: this one, or those below it. */
const askingTasks = ({ task, children }: Work): (Task & { id: string })[] =>
  [task, ...children].filter(one => asksSomething(one.businessStatus));

export const questions: readonly Action[] = [
  {
    name: 'ask',
    title: 'Ask the sender',
    means: 'A question that has to be answered before the work goes on: now it is the turn of the sender.',
    when: mayAsk,
    inputs: [{ ...text, means: 'The question.' }, identifier],
    changes(work, inputs) {
      const waits = work.task.status === 'requested' || work.task.status === 'received';
      const code = waits ? 'info-requested' : 'question-open';
      const display = waits ? 'Information requested' : 'Question open';
      const finer = { coding: [{ system: system.referralStatus, code, display }] };
      const step = waits ? '2.0' : 'in-progress';
      const question = communication(work, 'question', {
        recipient: recipients(work) as NonNullable<Communication['recipient']>,
        payload: payload(inputs),
      });
      return [
        {
          set: { ...(waits ? {} : stepChange('start')), businessStatus: businessStatus(step, finer) },
          note: inputs.text('text'),
          also: [creation(question, inputs.identifier())],
        },
      ];
    },
  },
  {
    name: 'answer',
    title: 'Answer the question',
    means: 'Gives what was asked for: it is the turn of the receiver again, with a new due time.',
    when: work => work.parties.has('source') && askingTasks(work).length > 0,
    inputs: [{ ...text, means: 'The answer.' }, document, identifier],
    async changes(work, inputs) {
      const asking = askingTasks(work);
      const answer = communication(work, 'answer', {
        basedOn: references([work.task, ...asking.filter(one => one.id !== work.task.id)]),
        inResponseTo: (await openQuestions(work, asking)) as NonNullable<Communication['inResponseTo']>,
        recipient: asking.flatMap(one => one.owner ?? []) as NonNullable<Communication['recipient']>,
        payload: payload(inputs),
      });
      const type = { text: 'Additional information' };
      return [
        {
          note: inputs.text('text'),
          input: inputs.references('document').map(valueReference => ({ type, valueReference })),
          also: [creation(answer, inputs.identifier())],
        },
      ];
    },
  },
  {
    name: 'message',
    title: 'Write a message',
    means: 'Writes to the other party. Nothing else changes: no clock stops.',
    when: ({ parties, task }) =>
      (parties.has('target') || (parties.has('source') && task.owner !== undefined)) &&
      task.status !== 'draft',
    inputs: [
      text,
      document,
      {
        name: 'in-response-to',
        type: 'Reference',
        targets: ['Communication'],
        means: 'The message that this one answers.',
      },
      identifier,
    ],
    changes: (work, inputs) => [{ also: [creation(message(work, inputs), inputs.identifier())] }],
  },
];

function message(work: Work, inputs: Inputs): Communication {
  const inResponseTo = inputs.references('in-response-to');
  return communication(work, 'referral-message', {
    basedOn: work.parties.has('source') ? aboutTasks(work) : references([work.task]),
    recipient: recipients(work) as NonNullable<Communication['recipient']>,
    payload: payload(inputs),
    ...(inResponseTo.length
      ? { inResponseTo: inResponseTo as NonNullable<Communication['inResponseTo']> }
      : {}),
  });
}

/** Questions about these Tasks that nothing answers yet. */
async function openQuestions(work: Work, asking: readonly Task[]): Promise<{ reference: string }[]> {
  const found = await Promise.all(
    asking.map(({ id }) => work.about<Communication>('Communication', 'based-on', `Task/${id}`)),
  );
  const all = [...new Map(found.flat().map(one => [one.id, one])).values()];
  const answered = new Set(all.flatMap(one => (one.inResponseTo ?? []).map(({ reference }) => reference)));
  return all
    .filter(one => isCategory(one, 'question') && !answered.has(`Communication/${one.id}`))
    .map(({ id }) => ({ reference: `Communication/${id}` }));
}

const references = (tasks: readonly Task[]): { reference: string }[] =>
  tasks.map(({ id }) => ({ reference: `Task/${id}` }));
