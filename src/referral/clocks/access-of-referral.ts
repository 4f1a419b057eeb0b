import type { Extension, ServiceRequest, Task } from '@medplum/fhirtypes';
import rules from '../../../terminology/access-clocks.json' with { type: 'json' };
import { extension } from '../../fhir/canonical.ts';
import { priorityOf } from '../lifecycle/next-step.ts';
import { stateOf } from '../lifecycle/state.ts';
import { tokens } from '../routing/codes.ts';
import { clockEnds } from './access-clocks.ts';
import type { Calendar } from './calendar.ts';

/**
 * The clock of access of a referral to a program that has one (extension `access-clock`): it begins with the first
 * contact, and is met by the first visit that was kept. Undefined where the program has none, or nothing was sent.
 */
export function accessClockOf(
  task: Task,
  request: ServiceRequest | undefined,
  calendar: Calendar,
  now: Date,
): Extension | undefined {
  const programs = tokens(...(request?.category ?? []));
  const since = request?.authoredOn ?? task.authoredOn;
  const timed = programs.some(one => rules.referrals.programs.includes(one));
  if (!timed || since === undefined || stateOf(task).status === 'draft') return undefined;
  const clock = rules.referrals.byPriority[priorityOf(task, request)];
  const until = clockEnds(clock, new Date(since), calendar);
  const met = metOf(task) ?? (wasSeen(task) ? (task.executionPeriod?.start ?? now.toISOString()) : undefined);
  return {
    url: extension.accessClock,
    extension: [
      { url: 'clock', valueCode: clock },
      { url: 'since', valueDateTime: since },
      ...(until ? [{ url: 'until', valueDateTime: until.toISOString() }] : []),
      ...(met ? [{ url: 'met', valueDateTime: met }] : []),
    ],
  };
}

const wasSeen = (task: Task): boolean => stateOf(task).step === '5.1.4';

function metOf(task: Task): string | undefined {
  const clock = task.extension?.find(({ url }) => url === extension.accessClock)?.extension;
  return clock?.find(({ url }) => url === 'met')?.valueDateTime;
}
