import type { Annotation, Task } from '@medplum/fhirtypes';
import rules from '../../../terminology/follow-up.json' with { type: 'json' };
import type { WriteOperation } from '../../fhir/repository.ts';
import { after, type Calendar } from '../../referral/clocks/calendar.ts';
import { noticeTo } from '../../referral/notices/notice.ts';
import { changed } from '../../referral/routing/changed.ts';
import { type Standing, standingOf } from './assess.ts';
import { type Fact, isOpen, momentsOf, withFact } from './facts.ts';

const { attemptEvery, plannedDays } = rules.afterDischarge;

export interface FollowUpSetting {
  /** Of the facility. */
  calendar: Calendar;
  /** PractitionerRole ids of the hospital: those who want to be told at once, and supervisors. */
  wishing: readonly string[];
  supervisors: readonly string[];
  hub: string;
  now: Date;
}

/** Something that has to be told now, once. */
interface Telling {
  fact: Fact;
  key?: string;
  text: string;
  to: readonly string[];
  change?: Partial<Task>;
}

/** What the hub writes on a follow-up because time has passed. */
export function planFollowUp(task: Task, setting: FollowUpSetting): WriteOperation[] {
  const { calendar, hub, now } = setting;
  const standing = isOpen(task) ? standingOf(task, calendar.timeZone, now) : undefined;
  const telling = standing && tellingOf(task, standing, setting);
  if (!telling) return [];
  const { fact, key, text, to, change } = telling;
  const note: Annotation = {
    authorReference: { reference: `Organization/${hub}` },
    time: now.toISOString(),
    text,
  };
  return [
    changed(task, {
      ...change,
      output: withFact(task.output ?? [], fact, now, key),
      note: [...(task.note ?? []), note],
    }),
    ...to.map(role => noticeTo(role, `${task.id}/${key ?? fact}/${now.toISOString()}`, hub, now)),
  ];
}

function tellingOf(task: Task, standing: Standing, setting: FollowUpSetting): Telling | undefined {
  if (standing.planned) return beforeLeaving(task, standing, setting);
  return windowOver(task, standing, setting) ?? attempt(task, standing, setting);
}

/** Services are in place before somebody leaves. */
function beforeLeaving(
  task: Task,
  { booked, day }: Standing,
  { wishing }: FollowUpSetting,
): Telling | undefined {
  if (booked || -day > plannedDays || momentsOf(task, 'not-booked').length > 0) return undefined;
  const text = 'The person leaves soon, and no visit is booked within 7 days after that: book one.';
  return { fact: 'not-booked', text, to: wishing };
}

function windowOver(task: Task, { missed }: Standing, { supervisors }: FollowUpSetting): Telling | undefined {
  const told = (window: string) => task.output?.some(({ id }) => id === `window-${window}`);
  const window = missed.find(one => !told(one));
  if (!window) return undefined;
  const text = `The ${window} window ended without a qualifying visit.`;
  const last = window === rules.windows.inpatient.at(-1)?.code;
  return {
    fact: 'window-over',
    key: `window-${window}`,
    text,
    to: supervisors,
    ...(last ? { change: { status: 'failed', statusReason: { text } } } : {}),
  };
}

/** From the first day on, and so far apart, until a visit is booked in time or kept. */
function attempt(task: Task, { booked, left }: Standing, setting: FollowUpSetting): Telling | undefined {
  const { calendar, now, wishing, supervisors } = setting;
  if (booked) return undefined;
  const attempts = momentsOf(task, 'contact-attempt', 'case-manager-contact');
  const told = momentsOf(task, 'attempt-due');
  const last = [...attempts, ...told].sort((a, b) => a.getTime() - b.getTime()).at(-1);
  if (last && now < after(last, attemptEvery, calendar)) return undefined;
  const unanswered = told.filter(one => !attempts.some(made => made >= one)).length;
  const missed = momentsOf(task, 'missed-visit').some(one => one <= now);
  const why = missed ? 'The visit was missed' : 'No visit is booked within 7 days after the stay';
  return {
    fact: 'attempt-due',
    text: `${why}: try to reach the person, and record the attempt. Attempts so far: ${attempts.length}.`,
    to: unanswered > 1 ? [...new Set([...wishing, ...supervisors])] : wishing,
    change: {
      restriction: {
        period: { start: left.toISOString(), end: after(now, attemptEvery, calendar).toISOString() },
      },
    },
  };
}
