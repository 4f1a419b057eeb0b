import type { Annotation, Organization, ServiceRequest, Task } from '@medplum/fhirtypes';
import codeSystem from '../../../terminology/next-action.json' with { type: 'json' };
import type { WriteOperation } from '../../fhir/repository.ts';
import { type DueRules, type Times, timesFor } from '../lifecycle/due.ts';
import { type NextStep, priorityOf } from '../lifecycle/next-step.ts';
import { hubReason } from '../lifecycle/reasons.ts';
import { isWorking, stateOf } from '../lifecycle/state.ts';
import { businessStatus } from '../lifecycle/steps.ts';
import { noticeTo } from '../notices/notice.ts';
import { isQuiet } from '../notices/wishes.ts';
import { changed } from '../routing/changed.ts';
import { tokens } from '../routing/codes.ts';
import { type Climbed, climbedOf, isHanded, type Rung, withClimbed } from './climbed.ts';
import { type EscalationRules, rungsDue } from './ladder.ts';
import { outreachTask } from './outreach.ts';
import { overdueTask } from './overdue-task.ts';

/** A referral Task that waits for somebody, and whom the hub can tell. */
export interface Waiting {
  task: Task;
  step: NextStep;
  request: ServiceRequest | undefined;
  /** Whose turn it is, and the time zone it says it lives in. */
  organization: Organization;
  timeZone: string | undefined;
  /** PractitionerRole ids: those who want to be told at once, and supervisors. */
  wishing: readonly string[];
  supervisors: readonly string[];
}

export interface EscalationSetting {
  hub: string;
  now: Date;
  due: DueRules;
  escalation: EscalationRules;
}

/**
 * What the hub writes because a referral waits: the rungs whose time has come, each once, all in one change that
 * stands only on the version it was planned from. An answer that comes first makes another version, and wins.
 */
export function planEscalation(waiting: Waiting, setting: EscalationSetting): WriteOperation[] {
  if (followsBelow(waiting, setting.hub)) return [];
  const rungs = dueRungs(waiting, setting);
  if (rungs.length === 0) return [];
  const { task, step } = waiting;
  const at = setting.now.toISOString();
  const climbed: Climbed[] = rungs.map(rung => ({ rung, action: step.action, due: step.due, at }));
  const change: Partial<Task> = {
    extension: withClimbed(task, [...climbedOf(task), ...climbed]),
    note: [...(task.note ?? []), note(rungs, waiting, setting)],
    ...Object.assign({}, ...rungs.map(rung => moves(rung, task))),
  };
  return [changed(task, change), ...rungs.flatMap(rung => besides(rung, waiting, setting))];
}

/** The hub's own Task says what the Tasks below it say: those are chased, not it. */
function followsBelow({ task, step }: Waiting, hub: string): boolean {
  const own = step.action === 'offer-next' || isHanded(task);
  return task.owner?.reference === `Organization/${hub}` && isWorking(task) && !own;
}

function dueRungs(
  { task, step, request, organization, timeZone }: Waiting,
  setting: EscalationSetting,
): Rung[] {
  const { now } = setting;
  const priority = priorityOf(task, request);
  // What is not urgent does not wake anybody: it is told when the quiet hours are over.
  if (priority === 'routine' && isQuiet(organization, now)) return [];
  const times = timesOfWaiting({ step, request, timeZone }, setting.due);
  return rungsDue({ ...waitsOf(task, step), priority }, times, setting.escalation, now);
}

/** The times of whose turn it is. */
export function timesOfWaiting(
  { step, request, timeZone }: Pick<Waiting, 'step' | 'request' | 'timeZone'>,
  rules: DueRules,
): Times {
  const programs = tokens(...(request?.category ?? []));
  return timesFor(rules, { organization: step.turn, timeZone, programs });
}

/** What a Task itself says of how long it has been waited for. */
export const waitsOf = (task: Task, step: NextStep) => ({
  step,
  asked: new Date(step.since ?? task.authoredOn ?? step.due),
  climbed: climbedOf(task),
});

/** What changes on the Task itself. */
function moves(rung: Rung, task: Task): Partial<Task> {
  const { step } = stateOf(task);
  if (rung === 'receiver' && step) return { businessStatus: businessStatus(step) };
  if (rung === 'next-candidate')
    return { status: 'cancelled', statusReason: hubReason('offer-expired', 'No answer came in time') };
  return {};
}

/** What is made beside it. */
function besides(rung: Rung, waiting: Waiting, { hub, now }: EscalationSetting): WriteOperation[] {
  const { task, step, wishing, supervisors } = waiting;
  const tell = (roles: readonly string[]) =>
    roles.map(role => noticeTo(role, `${task.id}/${step.action}/${step.due}/${rung}`, hub, now));
  if (rung === 'reminder') return tell(wishing);
  if (rung === 'supervisor') return tell(supervisors);
  if (rung === 'network') return [overdueTask(task, step, hub, now)];
  if (rung === 'outreach') return [outreachTask(task, step, hub, now)];
  return [];
}

const actionWords = new Map(codeSystem.concept.map(({ code, display }) => [code, display]));

const did: Record<Rung, string> = {
  reminder: 'this is a reminder',
  supervisor: 'the supervisors there are told',
  outreach: 'the person is looked for',
  receiver: 'the organization asked decides with what is there',
  'next-candidate': 'the offer ends',
  source: 'the sender decides how to go on: wait (a note says so), cancel, or ask another organization',
  network: 'the operators of the network are told',
  opening: 'there is an opening',
};

function note(
  rungs: readonly Rung[],
  { step, organization }: Waiting,
  setting: EscalationSetting,
): Annotation {
  const who = organization.name ?? `Organization/${step.turn}`;
  const what = actionWords.get(step.action) ?? step.action;
  return {
    authorReference: { reference: `Organization/${setting.hub}` },
    time: setting.now.toISOString(),
    text: `“${what}” waits for ${who} (due ${step.due}): ${rungs.map(rung => did[rung]).join('; ')}.`,
  };
}
