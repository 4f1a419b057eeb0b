import type { Task } from '@medplum/fhirtypes';
import type { RuleContext } from '../../fhir/write/rules.ts';
import { isReferralTask } from './referral-task.ts';

/**
 * A coordination platform of its own ends the Task above when the one below is completed, and its client sends the
 * status alone: what came of it are then the outputs of the Tasks that it had asked others by.
 */
export async function withOutputsBelow(
  before: Task | undefined,
  after: Task,
  context: RuleContext,
): Promise<Task> {
  const ends = after.status === 'completed' && before !== undefined && before.status !== 'completed';
  if (!ends || before.id === undefined || after.output?.length || before.output?.length) return after;
  const below = await context.referring<Task>('Task', 'part-of', `Task/${before.id}`);
  const platform = await context.organizationOf(before.owner?.reference);
  const outputs: NonNullable<Task['output']> = [];
  for (const one of below.filter(isReferralTask)) {
    if (one.status !== 'completed' || one.for?.reference !== before.for?.reference) continue;
    // Anybody can make a Task that says it is part of this one: those count by which the platform asks.
    if ((await context.organizationOf(one.requester?.reference)) === platform)
      outputs.push(...(one.output ?? []));
  }
  return outputs.length > 0 ? { ...after, output: outputs } : after;
}
