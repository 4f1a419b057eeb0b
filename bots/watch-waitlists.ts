import type { HealthcareService, PractitionerRole, Task } from '@medplum/fhirtypes';
import type { Bot, BotApi } from '../src/events/bot.ts';
import type { WriteOperation } from '../src/fhir/repository.ts';
import { chase, overdue } from '../src/referral/escalation/chase.ts';
import { hasOpening, planOpening } from '../src/referral/escalation/opening.ts';
import { nextStepOf } from '../src/referral/lifecycle/next-step.ts';
import { noticeTag } from '../src/referral/notices/wishes.ts';
import { listOf } from '../src/referral/working/waitlist.ts';

/**
 * Keeps those who rest from being forgotten: a hold is looked at again when its time has come, and when a service has
 * an opening the first on its list is named.
 */
export const watchWaitlists: Bot = {
  name: 'watch-waitlists',
  description: 'Has holds looked at again, and names the first on a waiting list when there is an opening.',
  schedule: '*/5 * * * *',
  async due(api) {
    const lists = Map.groupBy(await resting(api), listOf);
    const opened: string[] = [];
    for (const tasks of lists.values()) {
      const plan = tasks[0] && (await opening(api, tasks[0], tasks));
      opened.push(...(plan ?? []).flatMap(one => (one.kind === 'update' ? [`Task/${one.id}`] : [])));
    }
    return [...new Set([...(await overdue(api, ['review-hold'])), ...opened])];
  },
  async run(api, change) {
    const task = change && (await api.read<Task>(`Task/${change.id}`));
    if (!task) return [];
    const told = await chase(api, task);
    if (told.length > 0) return told;
    const list = (await resting(api)).filter(one => listOf(one) === listOf(task));
    return opening(api, task, list);
  },
};

/** Referrals on hold at those who are asked; a Task of the hub's own says only what the one below it says. */
async function resting(api: BotApi): Promise<Task[]> {
  return api.search<Task>('Task', 'next-action=review-hold&status=on-hold&_sort=authored-on');
}

async function opening(api: BotApi, task: Task, list: readonly Task[]): Promise<WriteOperation[]> {
  const turn = nextStepOf(task)?.turn;
  if (!turn || !(await services(api, listOf(task))).some(hasOpening)) return [];
  const wish = `organization=Organization/${turn}&_tag=${noticeTag}|at-once&active:not=false`;
  const roles = await api.search<PractitionerRole>('PractitionerRole', wish);
  const wishing = roles.flatMap(({ id }) => (id === undefined ? [] : [id]));
  return planOpening(list, { wishing, hub: api.hubOrganization, now: api.now });
}

/** The service that people wait for, or those of the organization where none is named. */
async function services(api: BotApi, list: string | undefined): Promise<HealthcareService[]> {
  if (list?.startsWith('HealthcareService/')) {
    const service = await api.read<HealthcareService>(list);
    return service ? [service] : [];
  }
  if (!list?.startsWith('Organization/')) return [];
  return api.search<HealthcareService>('HealthcareService', `organization=${list}&active:not=false`);
}
