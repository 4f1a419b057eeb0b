import type { Task } from '@medplum/fhirtypes';
import type { WriteOperation } from '../../fhir/repository.ts';
import { type Action, dueRules } from '../lifecycle/due.ts';
import { nextStepOf } from '../lifecycle/next-step.ts';
import { isReferralTask } from '../lifecycle/referral-task.ts';
import type { RoutingReader } from '../routing/reader.ts';
import type { ReferralRules } from '../rule-packs.ts';
import { gatherWaiting } from './gather.ts';
import { escalationRules, mayBeDue } from './ladder.ts';
import { planEscalation, waitsOf } from './plan.ts';

/** What a bot that chases asks of its API. */
export interface ChaseReader extends RoutingReader {
  rules?: ReferralRules;
}

/** Referrals of which one of these actions is overdue and somebody has to be told now, the oldest first. */
export async function overdue(api: ChaseReader, actions: readonly Action[]): Promise<string[]> {
  const search = `next-action=${actions.join(',')}&next-due=le${api.now.toISOString()}&_sort=next-due`;
  const found: string[] = [];
  for (const task of await api.search<Task>('Task', search))
    if (isReferralTask(task) && (await chase(api, task)).length > 0) found.push(`Task/${task.id}`);
  return found;
}

/** What is to be written now because of this Task. */
export async function chase(api: ChaseReader, task: Task | undefined): Promise<WriteOperation[]> {
  const step = task && nextStepOf(task);
  const { due, escalation } = api.rules ?? { due: dueRules, escalation: escalationRules };
  // Nearly always: nothing has to be read to see that it is too early.
  if (!step || !mayBeDue(waitsOf(task, step), escalation, api.now)) return [];
  const waiting = await gatherWaiting(api, task);
  if (!waiting) return [];
  return planEscalation(waiting, { hub: api.hubOrganization, now: api.now, due, escalation });
}
