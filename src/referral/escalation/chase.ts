import type { Task } from '@medplum/fhirtypes';
import type { WriteOperation } from '../../fhir/repository.ts';
import { partWay } from '../clocks/part-way.ts';
import { type Action, dueRules, mayCountAtWork } from '../lifecycle/due.ts';
import { nextStepOf, priorityOf } from '../lifecycle/next-step.ts';
import { isReferralTask } from '../lifecycle/referral-task.ts';
import type { RoutingReader } from '../routing/reader.ts';
import type { ReferralRules } from '../rule-packs.ts';
import { gatherWaiting } from './gather.ts';
import { escalationRules, mayBeDue } from './ladder.ts';
import { planEscalation, timesOfWaiting, waitsOf } from './plan.ts';

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

/**
 * When half of the time for an answer is over, where it is counted in business hours; undefined where it passes as ever,
 * which nothing has to be read to see.
 */
export async function halfAtWork(api: ChaseReader, task: Task): Promise<Date | undefined> {
  const { due } = api.rules ?? { due: dueRules };
  const step = nextStepOf(task);
  if (step?.action !== 'answer' || !mayCountAtWork(due, 'answer', task.priority)) return undefined;
  const waiting = await gatherWaiting(api, task);
  if (!waiting) return undefined;
  const times = timesOfWaiting(waiting, due);
  const unit = times.actions.answer[priorityOf(task, waiting.request)];
  const { asked } = waitsOf(task, step);
  return partWay(0.5, [asked, new Date(step.due)], unit, times);
}

/** What is to be written now because of this Task. */
export async function chase(api: ChaseReader, task: Task | undefined): Promise<WriteOperation[]> {
  const step = task && nextStepOf(task);
  const { due, escalation } = api.rules ?? { due: dueRules, escalation: escalationRules };
  if (!step) return [];
  const atWork = mayCountAtWork(due, step.action, task.priority);
  // Nearly always: nothing has to be read to see that it is too early.
  if (!mayBeDue({ ...waitsOf(task, step), atWork }, escalation, api.now)) return [];
  const waiting = await gatherWaiting(api, task);
  if (!waiting) return [];
  return planEscalation(waiting, { hub: api.hubOrganization, now: api.now, due, escalation });
}
