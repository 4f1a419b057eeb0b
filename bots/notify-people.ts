import type { Organization, PractitionerRole, Task } from '@medplum/fhirtypes';
import type { Bot, BotApi } from '../src/events/bot.ts';
import type { WriteOperation } from '../src/fhir/repository.ts';
import { nextStepOf } from '../src/referral/lifecycle/next-step.ts';
import { noticeTo } from '../src/referral/notices/notice.ts';
import { isQuiet, localTime, noticeTag, wishOf } from '../src/referral/notices/wishes.ts';

/** The time of the day at which digests are sent, on the clocks of the organization. */
const digestAt = '08:00';
/** Of the Tasks of an organization, the newest are looked at: a Task changes when its turn does. */
const most = 200;

/**
 * Tells people who asked for it that something waits for their organization: at once, or once a day; never in its
 * quiet hours, whose notices come when they are over. A turn is told of once.
 */
export const notifyPeople: Bot = {
  name: 'notify-people',
  description: 'Writes to people who asked for it that something waits for them, without saying what.',
  on: ['Task'],
  schedule: '*/5 * * * *',
  async run(api, change) {
    if (change?.type === 'Task') return aboutTask(api, change.id);
    const role = change && (await api.read<PractitionerRole>(`PractitionerRole/${change.id}`));
    return role ? aboutRole(api, role) : [];
  },
  async due(api) {
    const wishes = `_tag=${noticeTag}|at-once,${noticeTag}|digest&active:not=false`;
    const roles = await api.search<PractitionerRole>('PractitionerRole', wishes);
    const waiting: string[] = [];
    for (const role of roles)
      if ((await aboutRole(api, role)).length > 0) waiting.push(`PractitionerRole/${role.id}`);
    return waiting;
  },
};

async function aboutTask(api: BotApi, id: string): Promise<WriteOperation[]> {
  const task = await api.read<Task>(`Task/${id}`);
  const step = task && nextStepOf(task);
  const organization = step && (await api.read<Organization>(`Organization/${step.turn}`));
  if (!organization || isQuiet(organization, api.now)) return [];
  const wish = `organization=Organization/${organization.id}&_tag=${noticeTag}|at-once&active:not=false`;
  const roles = await api.search<PractitionerRole>('PractitionerRole', wish);
  return roles.flatMap(role => (role.id ? [once(api, role.id, turnOf(task))] : []));
}

async function aboutRole(api: BotApi, role: PractitionerRole): Promise<WriteOperation[]> {
  const organization = await api.read<Organization>(role.organization?.reference ?? '');
  if (!role.id || !organization?.id || isQuiet(organization, api.now)) return [];
  const { date, time } = localTime(organization, api.now);
  if (wishOf(role) === 'digest' && time < digestAt) return [];
  const tasks = await waitingFor(api, organization.id);
  const occasions = wishOf(role) === 'digest' ? tasks.slice(0, 1).map(() => date) : tasks.map(turnOf);
  const notices = occasions.map(occasion => once(api, role.id ?? '', occasion));
  const fresh = await Promise.all(notices.map(async notice => !(await isThere(api, notice))));
  return notices.filter((_, at) => fresh[at]);
}

async function waitingFor(api: BotApi, organization: string): Promise<Task[]> {
  const reference = `Organization/${organization}`;
  const found = await Promise.all(
    ['owner', 'requester'].map(party =>
      api.search<Task>('Task', `${party}=${reference}&_sort=-_lastUpdated`, most),
    ),
  );
  return found.flat().filter(task => nextStepOf(task)?.turn === organization);
}

/** What is told of once: that it is this organization's turn to do this. */
function turnOf(task: Task): string {
  const step = nextStepOf(task);
  return `${task.id}/${step?.turn}/${step?.action}`;
}

const once = (api: BotApi, role: string, occasion: string): WriteOperation =>
  noticeTo(role, occasion, api.hubOrganization, api.now);

async function isThere(api: BotApi, notice: WriteOperation): Promise<boolean> {
  const condition = notice.kind === 'create' ? notice.ifNoneExist : undefined;
  return condition !== undefined && (await api.count('Communication', condition)) > 0;
}
