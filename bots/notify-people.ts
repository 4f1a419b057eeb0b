import type { Organization, PractitionerRole, Task } from '@medplum/fhirtypes';
import type { Bot, BotApi } from '../src/events/bot.ts';
import type { WriteOperation } from '../src/fhir/repository.ts';
import { type NextStep, nextStepOf } from '../src/referral/lifecycle/next-step.ts';
import { noticeTo } from '../src/referral/notices/notice.ts';
import { isQuiet, localTime, noticeTag, wishOf } from '../src/referral/notices/wishes.ts';

/** The time of the day at which digests are sent, on the clocks of the organization. */
const digestAt = '08:00';
/** Of the Tasks of an organization, the newest are looked at: a Task changes when its turn does. */
const most = 200;

/**
 * Tells people who asked for it that something waits for their organization: at once, or once a day; never in quiet
 * hours, whose notices come when they are over. A turn is told of once. It is looked at as the organization itself
 * sees it, so that its people hear also of what the hub may not see.
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
    const roles = await wishing(api, 'at-once,digest');
    const waiting: string[] = [];
    for (const role of roles)
      if ((await aboutRole(api, role)).length > 0) waiting.push(`PractitionerRole/${role.id}`);
    return waiting;
  },
};

async function aboutTask(api: BotApi, id: string): Promise<WriteOperation[]> {
  const turn = await turnIn(api, id);
  if (!turn) return [];
  const organization = await api.read<Organization>(`Organization/${turn.step.turn}`);
  if (!organization?.id) return [];
  const roles = await wishing(api, 'at-once', `Organization/${organization.id}`);
  return roles.flatMap(role =>
    role.id && !isQuiet(organization, api.now, role) ? [once(api, role.id, turnOf(turn.task))] : [],
  );
}

/** Whose turn it is on a Task: as the hub sees it, else as one of those whose people want to be told at once. */
async function turnIn(api: BotApi, id: string): Promise<{ task: Task; step: NextStep } | undefined> {
  const seen = await api.read<Task>(`Task/${id}`);
  if (seen) {
    const step = nextStepOf(seen);
    return step && { task: seen, step };
  }
  const roles = await wishing(api, 'at-once');
  for (const organization of new Set(roles.map(organizationOf))) {
    const task = organization ? await api.of(organization).read<Task>(`Task/${id}`) : undefined;
    const own = task && nextStepOf(task);
    if (task && own && own.turn === organization) return { task, step: own };
  }
  return undefined;
}

async function aboutRole(api: BotApi, role: PractitionerRole): Promise<WriteOperation[]> {
  const organization = await api.read<Organization>(role.organization?.reference ?? '');
  if (!role.id || !organization?.id || isQuiet(organization, api.now, role)) return [];
  const { date, time } = localTime(organization, api.now);
  if (wishOf(role) === 'digest' && time < digestAt) return [];
  const tasks = await waitingFor(api, organization.id);
  const occasions = wishOf(role) === 'digest' ? tasks.slice(0, 1).map(() => date) : tasks.map(turnOf);
  const notices = occasions.map(occasion => once(api, role.id ?? '', occasion));
  const fresh = await Promise.all(notices.map(async notice => !(await isThere(api, notice))));
  return notices.filter((_, at) => fresh[at]);
}

/** Asked or asking, by itself or by one of its people or services. */
const parties = [
  'owner',
  'requester',
  'owner:PractitionerRole.organization',
  'requester:PractitionerRole.organization',
];

async function waitingFor(api: BotApi, organization: string): Promise<Task[]> {
  const reference = `Organization/${organization}`;
  const found = await Promise.all(
    parties.map(party =>
      api.of(organization).search<Task>('Task', `${party}=${reference}&_sort=-_lastUpdated`, most),
    ),
  );
  const tasks = new Map(found.flat().map(task => [task.id, task]));
  return [...tasks.values()].filter(task => nextStepOf(task)?.turn === organization);
}

function wishing(api: BotApi, wishes: string, organization?: string): Promise<PractitionerRole[]> {
  const tags = wishes.split(',').map(wish => `${noticeTag}|${wish}`);
  const of = organization ? `organization=${organization}&` : '';
  return api.search<PractitionerRole>('PractitionerRole', `${of}_tag=${tags.join(',')}&active:not=false`);
}

const organizationOf = ({ organization }: PractitionerRole): string | undefined =>
  organization?.reference?.split('/')[1];

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
