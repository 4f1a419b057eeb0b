import type { Task } from '@medplum/fhirtypes';
import type { Bot } from '../src/events/bot.ts';
import { chase, overdue } from '../src/referral/escalation/chase.ts';
import type { Action } from '../src/referral/lifecycle/due.ts';

const actions: readonly Action[] = ['reschedule'];

/** After a missed or cancelled visit: the organization at work looks for the person, and when no other visit comes of it the sender decides. */
export const chaseNoShows: Bot = {
  name: 'chase-no-shows',
  description: 'Has people who missed a visit looked for, and tells the sender when no new visit is booked.',
  schedule: '*/5 * * * *',
  due: api => overdue(api, actions),
  async run(api, change) {
    return change ? chase(api, await api.read<Task>(`Task/${change.id}`)) : [];
  },
};
