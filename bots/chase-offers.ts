import type { Task } from '@medplum/fhirtypes';
import type { Bot, BotApi } from '../src/events/bot.ts';
import { system } from '../src/fhir/canonical.ts';
import type { WriteOperation } from '../src/fhir/repository.ts';
import { planChase } from '../src/referral/routing/chase.ts';
import { query } from '../src/referral/routing/reader.ts';

/**
 * Keeps offers from waiting for ever: reminds at half of the time, ends them when it is over. The end of an
 * offer is a change of its own, on which the next candidate is asked.
 */
export const chaseOffers: Bot = {
  name: 'chase-offers',
  description: 'Reminds organizations that have not answered, and ends offers whose time is over.',
  schedule: '* * * * *',
  async due(api) {
    const search = query({ code: `${system.taskCode}|fulfill`, status: 'requested', _sort: '_lastUpdated' });
    const waiting = await api.search<Task>('Task', search);
    return waiting.filter(task => plan(api, task).length > 0).map(task => `Task/${task.id}`);
  },
  async run(api, change) {
    const task = change && (await api.read<Task>(`Task/${change.id}`));
    return task ? plan(api, task) : [];
  },
};

function plan(api: BotApi, task: Task): WriteOperation[] {
  return planChase(task, api.hubOrganization, api.now);
}
