import { type Action, type DueRules, dueAt } from './due.ts';
import { earlier, type NextStep, priorityOf, type Situation, timesOf } from './next-step.ts';

/** While one of these is done, the clock of what it interrupts stands still. */
const pausing: readonly Action[] = ['review-hold', 'provide-information'];

/** A visit's time is its own: what is due after it does not depend on how long anything took before. */
const ofVisit: readonly Action[] = ['record-visit', 'close-request', 'choose-again'];

/**
 * A next step that takes the place of another, with its clock: one that interrupts it keeps what runs waiting, and
 * what comes back goes on with the time it had left.
 */
export function carried(
  step: NextStep,
  before: NextStep | undefined,
  situation: Situation,
  { now, rules }: { now: Date; rules: DueRules },
): NextStep {
  const at = now.toISOString();
  if (before?.waiting && before.waiting === step.action)
    return resumed(step, before, situation, { now, rules });
  const rests = pausing.includes(step.action);
  if (before?.waiting && (rests || step.action === 'decide')) return { ...step, ...waitingOf(before) };
  if (!rests || !before?.since || ofVisit.includes(before.action)) return { ...step, since: at };
  if (pausing.includes(before.action) || before.action === 'decide') return { ...step, since: at };
  const pauses = [...(before.pauses ?? []), { start: at }];
  return { ...step, since: before.since, waiting: before.action, pauses };
}

function waitingOf({ since, waiting, pauses }: NextStep): Partial<NextStep> {
  return { ...(since ? { since } : {}), ...(waiting ? { waiting } : {}), ...(pauses ? { pauses } : {}) };
}

/** What was left when it was interrupted counts from now on; what was overdue already is due at once. */
function resumed(
  step: NextStep,
  before: NextStep,
  situation: Situation,
  { now, rules }: { now: Date; rules: DueRules },
): NextStep {
  const { task, request, source, hub } = situation;
  const since = before.since ?? now.toISOString();
  const pauses = (before.pauses ?? []).map(({ start, end }) => ({ start, end: end ?? now.toISOString() }));
  const dates = pauses.map(({ start, end }) => ({ start: new Date(start), end: new Date(end) }));
  const times = timesOf(situation, step.turn, rules);
  const [priority, from] = [priorityOf(task, request), new Date(since)];
  const counted = dueAt(step.action, priority, from, times, dates) ?? now;
  const rested = dates.reduce((sum, { start, end }) => sum + end.getTime() - start.getTime(), 0);
  const end = Date.parse((step.action === 'answer' && task.restriction?.period?.end) || '');
  // An end that the rules gave goes by the rules; what a sender wanted sooner waited as long as the clock stood.
  const sooner = source !== hub && end < dueAt(step.action, priority, from, times).getTime();
  const wanted = sooner ? new Date(end + rested).toISOString() : undefined;
  const due = earlier((counted > now ? counted : now).toISOString(), wanted, now);
  return { ...step, due: due.toISOString(), since, pauses };
}
