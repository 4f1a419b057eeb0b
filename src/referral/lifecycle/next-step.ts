import type { Extension, ServiceRequest, Task } from '@medplum/fhirtypes';
import { extension } from '../../fhir/canonical.ts';
import { isHanded } from '../escalation/climbed.ts';
import { tokens } from '../routing/codes.ts';
import { type Action, type DueRules, dueAt, type Priority, type Times, timesFor } from './due.ts';
import { hasHubReason, offerEnds } from './reasons.ts';
import { isOffered, isTerminal, isWorking, stateOf } from './state.ts';
import { asksSomething } from './steps.ts';

/** Whose turn it is, what they have to do, and by when. */
export interface NextStep {
  /** Logical id of an Organization. */
  turn: string;
  action: Action;
  /** ISO instant. */
  due: string;
  /** Since when its clock runs (ISO instant); while another waits, since when that one's ran. */
  since?: string;
  /** The action whose clock stands still meanwhile. */
  waiting?: Action;
  /** ISO instants between which the clock stood; without an end it still does. */
  pauses?: readonly { start: string; end?: string }[];
}

/** What decides the next step of one Task. Organizations are ids. */
export interface Situation {
  task: Task;
  request: Pick<ServiceRequest, 'status' | 'priority' | 'category'> | undefined;
  /** Other Tasks of the same sender for the same request. */
  siblings: readonly Task[];
  /** For a Task of the hub's: the Tasks of the organizations it asks, with their own next steps. */
  children: readonly Task[];
  source: string;
  target: string | undefined;
  /** Who answers questions: the sender, also where the hub asks in its name. */
  asker: string;
  /** It is part of a Task of the hub's, which carries the referral on when this one is over. */
  isChild: boolean;
  hub: string;
  /** Time zones that organizations say they live in, by id. */
  timeZones?: ReadonlyMap<string, string>;
}

/** The times that are an organization's, for this referral. */
export function timesOf(situation: Situation, turn: string, rules: DueRules): Times {
  const { request, timeZones } = situation;
  return timesFor(rules, {
    organization: turn,
    timeZone: timeZones?.get(turn),
    programs: tokens(...(request?.category ?? [])),
  });
}

/** The next step of a referral Task; undefined only where the referral is closed or another Task carries it on. */
export function nextStep(situation: Situation, now: Date, rules: DueRules): NextStep | undefined {
  const { task, request } = situation;
  if (task.status === 'entered-in-error') return undefined;
  // History may say that a request is closed while a Task of it is open: somebody still has to end that.
  const closed = request?.status === 'completed' || request?.status === 'revoked';
  if (request?.status === 'entered-in-error' || (closed && isTerminal(task))) return undefined;
  const of = (
    turn: string,
    action: Action,
    due = dueAt(action, priorityOf(task, request), now, timesOf(situation, turn, rules)),
  ): NextStep => ({
    turn,
    action,
    due: due.toISOString(),
  });
  if (isTerminal(task)) return closing(situation, of);
  if (situation.target === situation.hub && isWorking(task)) return followed(situation, of);
  // Whose turn it was did nothing, and was told: the sender decides how to go on.
  if (isHanded(task)) return of(situation.asker, 'decide');
  return ownStep(situation, now, rules, of);
}

type Of = (turn: string, action: Action, due?: Date) => NextStep;

function ownStep(situation: Situation, now: Date, rules: DueRules, of: Of): NextStep {
  const { task, source, asker, hub } = situation;
  const target = situation.target ?? source;
  const state = stateOf(task);
  if (state.status === 'draft') return of(source, 'send');
  if (state.status === 'requested') {
    if (!state.owned) return of(source, 'choose-recipient');
    if (target === hub) return of(hub, 'route');
    if (asksSomething(task.businessStatus)) return of(asker, 'provide-information');
    return of(target, 'answer', earlier(of(target, 'answer').due, task.restriction?.period?.end, now));
  }
  if (state.status === 'on-hold') return of(target, 'review-hold');
  if (asksSomething(task.businessStatus)) return of(asker, 'provide-information');
  if (state.step === '5.1.1') return of(target, 'record-visit', afterVisit(situation, now, rules));
  if (state.step === '5.1.2' || state.step === '5.1.3') return of(target, 'reschedule');
  if (state.step === '5.1.4') return of(target, 'report-outcome');
  return of(target, state.step === '5.2' ? 'confirm-cancellation' : 'schedule');
}

/** The sender may ask for an answer sooner than the rules do. */
export function earlier(due: string, end: string | undefined, now: Date): Date {
  const rule = new Date(due);
  const asked = end ? new Date(end) : rule;
  return asked > now && asked < rule ? asked : rule;
}

/** A visit with a date: some time after it somebody says how it went. */
function afterVisit(situation: Situation, now: Date, rules: DueRules): Date {
  const { task, request, target, source } = situation;
  const end = task.executionPeriod?.end ?? task.executionPeriod?.start;
  const priority = priorityOf(task, request);
  const times = timesOf(situation, target ?? source, rules);
  if (!end) return dueAt('record-visit-untimed', priority, now, times);
  return dueAt('record-visit', priority, new Date(end), times);
}

/** A Task that the hub works on: the turn is that of the organization below, or the hub's to find one. */
function followed({ task, children, hub, asker }: Situation, of: Of): NextStep {
  const open = children.filter(child => !isTerminal(child));
  const leading = open.filter(isWorking);
  const candidates = leading.length ? leading : open.filter(isOffered);
  const steps = candidates.map(nextStepOf).filter(step => step !== undefined);
  const [first] = steps.sort((a, b) => a.due.localeCompare(b.due));
  if (!first) return isHanded(task) ? of(asker, 'decide') : of(hub, 'offer-next');
  if (steps.length > 1) return of(hub, 'collect-answers', new Date(first.due));
  return first;
}

/** Over, but the request is not: the sender chooses again, or closes it. One Task alone says so. */
function closing(situation: Situation, of: Of): NextStep | undefined {
  const { task, siblings, source, isChild } = situation;
  if (isChild || siblings.some(one => !isTerminal(one))) return undefined;
  const ended = [task, ...siblings].filter(one => one.status !== 'entered-in-error');
  if (ended.sort(mostTelling)[0] !== task) return undefined;
  const done = task.status === 'completed' || cancelledBySource(task);
  return of(source, done ? 'close-request' : 'choose-again');
}

const cancelledBySource = (task: Task): boolean =>
  task.status === 'cancelled' && stateOf(task).step === '6.0' && !expired(task);

const expired = (task: Task): boolean => offerEnds.some(code => hasHubReason(task, code));

/** A completed Task first, then the one that ended last. */
function mostTelling(a: Task, b: Task): number {
  const done = Number(b.status === 'completed') - Number(a.status === 'completed');
  const last = (b.lastModified ?? b.authoredOn ?? '').localeCompare(a.lastModified ?? a.authoredOn ?? '');
  return done || last || (b.id ?? '').localeCompare(a.id ?? '');
}

export const priorityOf = (task: Task, request: Pick<ServiceRequest, 'priority'> | undefined): Priority =>
  task.priority ?? request?.priority ?? 'routine';

/** The next step that is stored on a Task (extension `next-step`). */
export function nextStepOf(task: Task): NextStep | undefined {
  const parts = task.extension?.find(one => one.url === extension.nextStep)?.extension ?? [];
  const part = (url: string) => parts.find(one => one.url === url);
  const turn = part('turn')?.valueReference?.reference?.split('/')[1];
  const action = part('action')?.valueCode as Action | undefined;
  const due = part('due')?.valueDateTime;
  if (!turn || !action || !due) return undefined;
  const since = part('since')?.valueDateTime;
  const waiting = part('waiting')?.valueCode as Action | undefined;
  const pauses = parts.flatMap(({ url, valuePeriod: { start, end } = {} }) =>
    url === 'pause' && start ? [{ start, ...(end ? { end } : {}) }] : [],
  );
  return {
    turn,
    action,
    due,
    ...(since ? { since } : {}),
    ...(waiting ? { waiting } : {}),
    ...(pauses.length ? { pauses } : {}),
  };
}

/** The next step as it is stored. */
export const nextStepExtension = ({ turn, action, due, since, waiting, pauses }: NextStep): Extension => ({
  url: extension.nextStep,
  extension: [
    { url: 'turn', valueReference: { reference: `Organization/${turn}` } },
    { url: 'action', valueCode: action },
    { url: 'due', valueDateTime: due },
    ...(since ? [{ url: 'since', valueDateTime: since }] : []),
    ...(waiting ? [{ url: 'waiting', valueCode: waiting }] : []),
    ...(pauses ?? []).map(valuePeriod => ({ url: 'pause', valuePeriod })),
  ],
});
