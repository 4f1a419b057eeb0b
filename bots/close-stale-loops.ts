import type { Task } from '@medplum/fhirtypes';
import type { Bot } from '../src/events/bot.ts';
import { chase, overdue } from '../src/referral/escalation/chase.ts';
import type { Action } from '../src/referral/lifecycle/due.ts';

const actions: readonly Action[] = [
  'send',
  'choose-recipient',
  'choose-again',
  'decide',
  'close-request',
  'schedule',
  'record-visit',
  'report-outcome',
  'confirm-cancellation',
  'route',
  'collect-answers',
  'offer-next',
];

/** Keeps referrals from resting for ever: it reminds, tells supervisors, asks the sender, and in the end tells the operators. It never ends one. */
export const closeStaleLoops: Bot = {
  name: 'close-stale-loops',
  description: 'Asks where nothing has moved for too long. It closes nothing.',
  schedule: '*/5 * * * *',
  due: api => overdue(api, actions),
  async run(api, change) {
    return change ? chase(api, await api.read<Task>(`Task/${change.id}`)) : [];
  },
};
