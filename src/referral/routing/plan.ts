import type { Annotation, ServiceRequest, Task } from '@medplum/fhirtypes';
import { system } from '../../fhir/canonical.ts';
import type { WriteOperation } from '../../fhir/repository.ts';
import { nextStepOf } from '../lifecycle/next-step.ts';
import { hubReason } from '../lifecycle/reasons.ts';
import { stateOf } from '../lifecycle/state.ts';
import type { Candidate, Need } from './candidate.ts';
import { changed } from './changed.ts';
import { type Chosen, explainChoice, explainExhausted, explainListed, explainOffer } from './explain.ts';
import { fillerRequest, listTask, type OfferSources, offerTask } from './filler.ts';
import { inputsOf } from './need.ts';
import { isListed, isTaken, isUnanswered, type Offer, outcomeOf } from './offers.ts';
import { type CriterionName, type Excluded, type Ranked, type Ranking, rank } from './rank.ts';
import type { RoutingRules } from './rules.ts';
import { type Choice, choiceOf, offersWanted, type Strategy, strategyOf } from './strategy.ts';

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
  /** Services of the kind that were not compared. */
  left?: number;
  rules: RoutingRules;
  /** When an offer made now ends, by the calendar of who is asked; of nobody yet, by the network's. */
  offerEnds: (asked?: Candidate) => Date;
  /** How many may be asked at the same time for one request (the rules for due times). */
  parallelOffers: number;
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
  if (!looksForMore(state)) {
    return takeOver(state);
  }
  const ranking: Ranking = {
    ...rank(state.need, state.candidates, rules, now),
    ...(state.left ? { left: state.left } : {}),
  };
  const waiting = offers.filter(isUnanswered).length;
  const chosen = chosenByHand(state, ranking);
  if (chosen) {
    return ask(state, [chosen.entry], explainChoice(chosen, ranking), now);
  }
  const eligible = onePerOrganization(
    wayOf(state) === 'direct' ? ranking.ranked.filter(entry => isNamed(entry, state)) : ranking.ranked,
  );
  if (wayOf(state) === 'claim' && eligible.length > 0) {
    const listed = eligible.slice(0, rules.listedTo);
    return offered(state, [listTask(listed, sourcesOf(state), now)], explainListed(listed, ranking), now);
  }
  const next = eligible.slice(0, atOnce(state) - waiting);
  if (next.length > 0) {
    return ask(state, next, explainOffer(next, ranking), now);
  }
  return waiting > 0 ? takeOver(state) : giveBack(state, ranking, now);
}

type Progress = Pick<RoutingState, 'task' | 'offers' | 'rules' | 'parallelOffers'>;

/** Whether another organization is to be asked, if there is one. A choice by hand does not wait for who was asked before. */
export function looksForMore(progress: Progress): boolean {
  const { task, offers } = progress;
  if (offers.some(isTaken)) return false;
  const waiting = offers.filter(isUnanswered);
  if (waiting.length < atOnce(progress)) return true;
  const choice = choiceOf(task);
  const asked = choice !== undefined && offers.some(offer => isAskedBy(choice, offer));
  return choice !== undefined && !asked && waiting.length < progress.parallelOffers;
}

/** Nobody on the list wanted it: then they are asked one after another, which obliges to an answer. */
function wayOf({ task, offers, rules }: Progress): Strategy {
  const wanted = strategyOf(task) ?? rules.strategy;
  return wanted === 'claim' && offers.some(offer => isListed(offer.task)) ? 'cascade' : wanted;
}

function atOnce(progress: Progress): number {
  const { task, rules, parallelOffers } = progress;
  const way = wayOf(progress);
  if (way === 'parallel') return Math.min(offersWanted(task) ?? parallelOffers, parallelOffers);
  return way === 'cascade' ? Math.min(rules.offersAtOnce, parallelOffers) : 1;
}

function isNamed({ candidate }: Ranked, { need }: RoutingState): boolean {
  return need.wishes.preferred.includes(candidate.organization);
}

/** What a hand cannot overrule: who is closed, who refers, and who has been asked. */
const binding: readonly CriterionName[] = ['active', 'another', 'notAskedYet', 'shown'];

/** Whether the sender may choose it by hand, in spite of what excludes it. */
export const canBeChosen = ({ facts }: Pick<Excluded, 'facts'>): boolean =>
  !facts.some(({ criterion }) => binding.includes(criterion));

/** Whom the sender chose, as long as that one can be asked, whatever else the ranking says. */
function chosenByHand({ task }: RoutingState, { ranked, excluded }: Ranking): Chosen | undefined {
  const choice = choiceOf(task);
  if (!choice) return undefined;
  const meant = ({ candidate }: { candidate: Candidate }) =>
    [`HealthcareService/${candidate.id}`, `Organization/${candidate.organization}`].includes(
      choice.reference,
    );
  const entry = ranked.find(meant);
  if (entry) return { entry, choice };
  // Of an organization, the service that fits best.
  const [against] = excluded
    .filter(one => meant(one) && canBeChosen(one))
    .sort((a, b) => offersIt(b) - offersIt(a) || a.facts.length - b.facts.length);
  return against && { entry: { candidate: against.candidate, score: 0, reasons: [] }, choice, against };
}

const offersIt = ({ facts }: Excluded): number =>
  Number(!facts.some(({ criterion }) => criterion === 'service'));

function isAskedBy({ reference }: Choice, { organization, task }: Offer): boolean {
  const service = inputsOf(task.input ?? [], 'offered-service')[0]?.valueReference?.reference;
  return reference === `Organization/${organization}` || reference === service;
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

function ask(state: RoutingState, next: readonly Ranked[], text: string, now: Date): WriteOperation[] {
  const sources = sourcesOf(state);
  return offered(
    state,
    next.map(entry => offerTask(entry, sources, now)),
    text,
    now,
  );
}

function sourcesOf({ task, request, filler, hub, offerEnds }: RoutingState): OfferSources {
  return {
    task,
    request,
    filler: filler ? `ServiceRequest/${filler.id}` : fillerUrl(request),
    hub,
    ends: offerEnds,
  };
}

const fillerUrl = ({ id }: ServiceRequest): string => `urn:uuid:${id}`;

/** The referral is taken over, the offers go out on the hub's own request, and the sender reads why. */
function offered(state: RoutingState, offers: readonly Task[], text: string, now: Date): WriteOperation[] {
  const { task, request, filler, hub } = state;
  return [
    changed(task, {
      ...(task.status === 'requested' ? { status: 'accepted' } : {}),
      note: noted(state, text, now),
    }),
    ...(filler
      ? []
      : [
          {
            kind: 'create',
            resource: fillerRequest(request, hub, now),
            fullUrl: fillerUrl(request),
          } as const,
        ]),
    ...offers.map(resource => ({ kind: 'create', resource }) as const),
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
  const text = explainExhausted(tried, { ...ranking, excluded: untold });
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
  return (
    task.owner?.display ??
    candidate?.name ??
    (organization ? `Organization/${organization}` : 'The shared list')
  );
}

function noted({ task, hub }: Pick<RoutingState, 'task' | 'hub'>, text: string, now: Date): Annotation[] {
  const note = { authorReference: { reference: `Organization/${hub}` }, time: now.toISOString(), text };
  return [...(task.note ?? []), note];
}
