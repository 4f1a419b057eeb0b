import type { Task } from '@medplum/fhirtypes';
import type { Bot } from '../src/events/bot.ts';
import { chase, overdue } from '../src/referral/escalation/chase.ts';
import type { Action } from '../src/referral/lifecycle/due.ts';

const actions: readonly Action[] = ['provide-information'];

/** Keeps a question from holding up a referral: the sender is reminded, its supervisors are told, and in the end who asked decides with what is there. */
export const chaseInformation: Bot = {
  name: 'chase-information',
  description:
    'Reminds senders of questions, tells their supervisors, and gives the referral back to who asked.',
  schedule: '*/5 * * * *',
  due: api => overdue(api, actions),
  async run(api, change) {
    return change ? chase(api, await api.read<Task>(`Task/${change.id}`)) : [];
  },
};
