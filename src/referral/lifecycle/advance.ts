import { isDeepStrictEqual } from 'node:util';
import type { CodeableConcept, Extension, Task } from '@medplum/fhirtypes';
import { extension } from '../../fhir/canonical.ts';
import { type ReferralEvent, stepAfter } from './possible.ts';
import { reasonAfter } from './reasons.ts';
import { knownStatus, stateOf } from './state.ts';
import { asksSomething, businessStatus, codingOf, type StepCode } from './steps.ts';

export interface Advance {
  before: Task | undefined;
  /** The Task with all elements as they shall be, but those that the event itself decides. */
  after: Task;
  transition: ReferralEvent;
  /** What the writer says about the business status beyond its step. */
  given?: CodeableConcept | undefined;
  /** For a roll-up: the step of the Task below. */
  mirrored?: StepCode | undefined;
  /** Written by the sender: a note or an input of theirs answers a request for information. */
  bySource?: boolean | undefined;
  now: Date;
}

/** The Task after an event: status, business status and reason as the table says, and what a pause must remember. */
export function advance({ before, after, transition, given, mirrored, bySource, now }: Advance): Task {
  const task: Task = { ...after, status: statusAfter(transition, before, after) };
  put(task, 'businessStatus', statusGiven() ?? businessStatusAfter());
  put(task, 'statusReason', reasonAfter(transition, before, after));
  if (transition.to.status !== 'same') remember(task, before, transition);
  if (before && isDeepStrictEqual(before, task)) return task;
  task.lastModified = now.toISOString();
  return task;

  function statusGiven(): CodeableConcept | undefined {
    const step = stepAfter(transition, before, mirrored);
    return given && step ? businessStatus(step, given) : undefined;
  }

  function businessStatusAfter(): CodeableConcept | undefined {
    const step = stepAfter(transition, before, mirrored);
    if (!step) return undefined;
    const answered = bySource && before && asksSomething(before.businessStatus) && answers(before, task);
    return transition.to.status === 'same' && !answered ? before?.businessStatus : businessStatus(step);
  }
}

function answers(before: Task, after: Task): boolean {
  const more = (of: 'input' | 'note') => (after[of]?.length ?? 0) > (before[of]?.length ?? 0);
  return more('input') || more('note');
}

function statusAfter({ to }: ReferralEvent, before: Task | undefined, after: Task): Task['status'] {
  if (to.status !== 'same') return to.status;
  return before ? knownStatus(before.status) : after.status;
}

/** On hold, and cancelled while under way: the step before is kept, to return to or to tell from. */
function remember(task: Task, before: Task | undefined, { event }: ReferralEvent): void {
  const pauses = event === 'hold' || event === 'cancel-under-way';
  const step = pauses && before ? stateOf(before).step : undefined;
  const others = (task.extension ?? []).filter(one => one.url !== extension.priorStep);
  const remembered: Extension[] = step
    ? [{ url: extension.priorStep, valueCodeableConcept: { coding: [codingOf(step)] } }]
    : [];
  put(task, 'extension', [...others, ...remembered]);
}

/** Sets an element, or takes it away: FHIR has no empty ones. */
export function put<K extends keyof Task>(task: Task, element: K, value: Task[K] | undefined): void {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) delete task[element];
  else task[element] = value;
}
