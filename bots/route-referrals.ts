import type { ServiceRequest, Task } from '@medplum/fhirtypes';
import type { Bot, BotApi, BotChange } from '../src/events/bot.ts';
import { system } from '../src/fhir/canonical.ts';
import type { WriteOperation } from '../src/fhir/repository.ts';
import { nextStepOf } from '../src/referral/lifecycle/next-step.ts';
import { isReferralTask, parentOf, requestOf } from '../src/referral/lifecycle/referral-task.ts';
import { gatherRouting } from '../src/referral/routing/gather.ts';
import { planRouting, planUnseen } from '../src/referral/routing/plan.ts';
import { query } from '../src/referral/routing/reader.ts';

/**
 * Finds who takes a referral that was sent to the hub: accepts it, asks the best candidate, the next one after a
 * refusal or silence, and gives it back when nobody is left. Only a Task owned by the hub starts it.
 */
export const routeReferrals: Bot = {
  name: 'route-referrals',
  description:
    'Asks the best organization for each referral sent to the hub, then the next, or gives it back.',
  on: ['Task', 'ServiceRequest'],
  schedule: '* * * * *',
  due: api => waitingForTheHub(api),
  async run(api, change) {
    const tasks = change ? await concerned(api, change) : [];
    const plans = await Promise.all(tasks.map(task => plan(api, task)));
    return plans.flat();
  },
};

async function plan(api: BotApi, task: Task): Promise<WriteOperation[]> {
  const request = await api.read<ServiceRequest>(requestOf(task) ?? '');
  if (!request) {
    return planUnseen(task, api.hubOrganization, api.now);
  }
  const state = await gatherRouting(api, task, request);
  return state ? planRouting(state, api.now) : [];
}

/** The referrals to the hub that a change may move: the Task itself, or the one that an offer is part of. */
async function concerned(api: BotApi, { type, id }: BotChange): Promise<Task[]> {
  if (type === 'ServiceRequest') {
    return (await api.read<ServiceRequest>(`ServiceRequest/${id}`))
      ? openTasks(api, { focus: `ServiceRequest/${id}` })
      : [];
  }
  const task = await api.read<Task>(`Task/${id}`);
  const parent = task && parentOf(task);
  const upstream = parent ? await api.read<Task>(parent) : undefined;
  return [task, upstream]
    .filter(one => one !== undefined)
    .filter(one => isForTheHub(one, api.hubOrganization));
}

/** What no change has moved on: a bot was parked, or the directory has changed since. */
async function waitingForTheHub(api: BotApi): Promise<string[]> {
  const open = await openTasks(api, {});
  return open.filter(task => isTheHubsTurn(task, api.hubOrganization)).map(task => `Task/${task.id}`);
}

function openTasks(api: BotApi, more: { focus?: string }): Promise<Task[]> {
  const search = query({
    ...more,
    owner: `Organization/${api.hubOrganization}`,
    code: `${system.taskCode}|fulfill`,
    status: ['requested', 'accepted', 'in-progress'],
    _sort: '_lastUpdated',
  });
  return api.search<Task>('Task', search);
}

function isForTheHub(task: Task, hub: string): boolean {
  return isReferralTask(task) && task.owner?.reference === `Organization/${hub}`;
}

function isTheHubsTurn(task: Task, hub: string): boolean {
  const step = nextStepOf(task);
  return step === undefined || step.turn === hub;
}
