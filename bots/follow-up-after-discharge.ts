import type { Organization, PractitionerRole, Task } from '@medplum/fhirtypes';
import { planFollowUp } from '../src/care/follow-up/plan.ts';
import type { Bot, BotApi } from '../src/events/bot.ts';
import { canonical, system } from '../src/fhir/canonical.ts';
import type { WriteOperation } from '../src/fhir/repository.ts';
import { timeZoneOf } from '../src/referral/clocks/time-zone.ts';
import { dueRules, timesFor } from '../src/referral/lifecycle/due.ts';
import { noticeTag } from '../src/referral/notices/wishes.ts';

const open = `code=${canonical}/CodeSystem/case-task|follow-up-after-discharge&status=requested,in-progress`;

/**
 * Keeps people in sight who leave a psychiatric hospital stay: the hospital is told while no visit is booked, and has
 * to try to reach them from the first day on, until a visit is booked in time or kept.
 */
export const followUpAfterDischarge: Bot = {
  name: 'follow-up-after-discharge',
  description: 'Asks hospitals to reach people who left a psychiatric stay, until a visit is booked or kept.',
  schedule: '*/15 * * * *',
  async due(api) {
    const due: string[] = [];
    for (const task of await api.search<Task>('Task', `${open}&_sort=_lastUpdated`))
      if ((await plan(api, task)).length > 0) due.push(`Task/${task.id}`);
    return due;
  },
  async run(api, change) {
    const task = change && (await api.read<Task>(`Task/${change.id}`));
    return task ? plan(api, task) : [];
  },
};

async function plan(api: BotApi, task: Task): Promise<WriteOperation[]> {
  const organization = await api.read<Organization>(task.owner?.reference ?? '');
  if (!organization) return [];
  const of = `organization=Organization/${organization.id}&active:not=false`;
  const roles = async (more: string) =>
    (await api.search<PractitionerRole>('PractitionerRole', `${of}&${more}`)).flatMap(({ id }) => id ?? []);
  return planFollowUp(task, {
    calendar: timesFor(api.rules?.due ?? dueRules, {
      organization: organization.id,
      timeZone: timeZoneOf(organization),
    }),
    wishing: await roles(`_tag=${noticeTag}|at-once`),
    supervisors: await roles(`role=${system.personRole}|supervisor`),
    hub: api.hubOrganization,
    now: api.now,
  });
}
