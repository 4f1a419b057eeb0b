import type { Annotation, ServiceRequest, Task } from '@medplum/fhirtypes';
import { system } from '../../fhir/canonical.ts';
import type { WriteOperation } from '../../fhir/repository.ts';
import { dueRules } from '../lifecycle/due.ts';
import { nextStepOf } from '../lifecycle/next-step.ts';
import { hubReason } from '../lifecycle/reasons.ts';
import { stateOf } from '../lifecycle/state.ts';
import type { Candidate, Need } from './candidate.ts';
import { changed } from './changed.ts';
import { explainExhausted, explainOffer } from './explain.ts';
import { fillerRequest, offerTask } from './filler.ts';
import { isTaken, isUnanswered, type Offer, outcomeOf } from './offers.ts';
import { type Ranked, type Ranking, rank } from './rank.ts';
import type { RoutingRules } from './rules.ts';

/** All that decides what the hub does next with a referral sent to it. */
export interface RoutingState {
  /** Logical id of the hub's own Organization. */
  hub: string;
  /** The source's Task, owned by the hub. */
  task: Task;
  request: ServiceRequest;
  /** The hub's own request, once there is one. */
  filler?: ServiceRequest;
  /** The hub's Tasks that are part of the source's. */
  offers: readonly Offer[];
  need: Need;
  candidates: readonly Candidate[];
  rules: RoutingRules;
  /** When an offer made now ends. */
  offerEnds: Date;
}

/**
 * What the hub writes next for a referral: it accepts, asks the next best organizations, or gives the referral
 * back when nobody is left. Nothing, where it is not the hub's turn; so running it twice does nothing twice.
 * The source's Task comes with its version: whoever changes it meanwhile makes the plan be made again.
 */
export function planRouting(state: RoutingState, now: Date): WriteOperation[] {
  if (!isRoutable(state)) {
    return [];
  }
  const { offers, rules } = state;
  if (!looksForMore(offers, rules)) {
    return takeOver(state);
  }
  const ranking = rank(state.need, state.candidates, rules, now);
  const waiting = offers.filter(isUnanswered).length;
  const next = onePerOrganization(ranking.ranked).slice(0, atOnce(rules) - waiting);
  if (next.length > 0) {
    return ask(state, next, ranking, now);
  }
  return waiting > 0 ? takeOver(state) : giveBack(state, ranking, now);
}

/** Whether another organization is to be asked, if there is one. */
export function looksForMore(offers: readonly Offer[], rules: RoutingRules): boolean {
  return !offers.some(isTaken) && offers.filter(isUnanswered).length < atOnce(rules);
}

function atOnce({ offersAtOnce }: RoutingRules): number {
  return Math.min(offersAtOnce, dueRules.parallelOffers);
}

/**
 * A request that the hub may not see, because of labels that no consent clears for it, cannot be routed: its
 * sender is told at once, instead of waiting for nothing.
 */
export function planUnseen(task: Task, hub: string, now: Date): WriteOperation[] {
  const waitsForTheHub = task.status === 'requested' || nextStepOf(task)?.turn === hub;
  if (!routed.includes(task.status) || !waitsForTheHub) {
    return [];
  }
  const text =
    'The hub may not see this request, so it cannot ask anybody: its labels need a consent that names the hub. Record one and send the referral again, or ask an organization directly.';
  return [
    changed(task, {
      status: task.status === 'requested' ? 'rejected' : 'failed',
      statusReason: {
        coding: [{ system: system.declineReason, code: 'incomplete-information' }],
        text: 'The consent to see the request is missing',
      },
      note: noted({ task, hub }, text, now),
    }),
  ];
}

const routed: readonly Task['status'][] = ['requested', 'accepted', 'in-progress'];

/** Sent to the hub, not finished, and not asked to be cancelled; the request stands. */
export function isRoutable({ task, request, hub }: Pick<RoutingState, 'task' | 'request' | 'hub'>): boolean {
  return (
    task.owner?.reference === `Organization/${hub}` &&
    routed.includes(task.status) &&
    request.status === 'active' &&
    // Its sender asks to cancel it: the hub passes that on, and asks nobody new.
    stateOf(task).step !== '5.2'
  );
}

function onePerOrganization(ranked: readonly Ranked[]): Ranked[] {
  const first = new Map<string, Ranked>();
  for (const entry of ranked) {
    if (!first.has(entry.candidate.organization)) {
      first.set(entry.candidate.organization, entry);
    }
  }
  return [...first.values()];
}

function takeOver(state: RoutingState): WriteOperation[] {
  return state.task.status === 'requested' ? [changed(state.task, { status: 'accepted' })] : [];
}

function ask(state: RoutingState, next: readonly Ranked[], ranking: Ranking, now: Date): WriteOperation[] {
  const { task, request, filler, hub } = state;
  const fullUrl = `urn:uuid:${request.id}`;
  const reference = filler ? `ServiceRequest/${filler.id}` : fullUrl;
  const sources = { task, request, filler: reference, hub, ends: state.offerEnds };
  return [
    changed(task, {
      ...(task.status === 'requested' ? { status: 'accepted' } : {}),
      note: noted(state, explainOffer(next, ranking), now),
    }),
    ...(filler ? [] : [{ kind: 'create', resource: fillerRequest(request, hub, now), fullUrl } as const]),
    ...next.map(entry => ({ kind: 'create', resource: offerTask(entry, sources, now) }) as const),
  ];
}

/** Declined where the hub never took it, failed where it did: both put it in the source's hands at once. */
function giveBack(state: RoutingState, ranking: Ranking, now: Date): WriteOperation[] {
  const { task, filler } = state;
  const tried = state.offers.toSorted(byTime).flatMap(offer => {
    const outcome = outcomeOf(offer);
    return outcome ? [`${nameOf(offer, state)}: ${outcome}.`] : [];
  });
  const untold = ranking.excluded.filter(
    ({ facts }) => !facts.some(({ criterion }) => criterion === 'notAskedYet'),
  );
  const text = explainExhausted(tried, untold);
  return [
    changed(task, {
      status: task.status === 'requested' ? 'rejected' : 'failed',
      statusReason: hubReason('candidates-exhausted', 'Nobody could be found who can take this referral'),
      note: noted(state, text, now),
    }),
    ...(filler ? [changed(filler, { status: 'revoked' })] : []),
  ];
}

function byTime(a: Offer, b: Offer): number {
  return (a.task.authoredOn ?? '').localeCompare(b.task.authoredOn ?? '');
}

function nameOf({ organization, task }: Offer, { candidates }: RoutingState): string {
  const candidate = candidates.find(entry => entry.organization === organization);
  return task.owner?.display ?? candidate?.name ?? `Organization/${organization}`;
}

function noted({ task, hub }: Pick<RoutingState, 'task' | 'hub'>, text: string, now: Date): Annotation[] {
  const note = { authorReference: { reference: `Organization/${hub}` }, time: now.toISOString(), text };
  return [...(task.note ?? []), note];
}
