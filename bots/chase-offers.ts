import type { Task } from '@medplum/fhirtypes';
import type { Bot, BotApi } from '../src/events/bot.ts';
import { system } from '../src/fhir/canonical.ts';
import type { WriteOperation } from '../src/fhir/repository.ts';
import { chase, halfAtWork } from '../src/referral/escalation/chase.ts';
import { nextStepOf } from '../src/referral/lifecycle/next-step.ts';
import { planChase, wasReminded } from '../src/referral/routing/chase.ts';
import { query } from '../src/referral/routing/reader.ts';

/**
 * Keeps offers from waiting for ever: reminds at half of the time, tells the supervisors later, ends them when it is
 * over. The end of an offer is a change of its own, on which the next candidate is asked.
 */
export const chaseOffers: Bot = {
  name: 'chase-offers',
  description: 'Reminds organizations that have not answered, and ends offers whose time is over.',
  schedule: '* * * * *',
  async due(api) {
    const search = query({ code: `${system.taskCode}|fulfill`, status: 'requested', _sort: '_lastUpdated' });
    const due: string[] = [];
    for (const task of await api.search<Task>('Task', search))
      if ((await plan(api, task)).length > 0) due.push(`Task/${task.id}`);
    return due;
  },
  async run(api, change) {
    const task = change && (await api.read<Task>(`Task/${change.id}`));
    return task ? plan(api, task) : [];
  },
};

async function plan(api: BotApi, task: Task): Promise<WriteOperation[]> {
  const half = wasReminded(task) ? undefined : await halfAtWork(api, task);
  const first = planChase(task, api.hubOrganization, api.now, half);
  return first.length > 0 || nextStepOf(task)?.action !== 'answer' ? first : chase(api, task);
}
