import type { ServiceRequest, Task } from '@medplum/fhirtypes';
import { type DueRules, dueAt, dueRules } from '../../src/referral/lifecycle/due.ts';
import { hubReason } from '../../src/referral/lifecycle/reasons.ts';
import { inputsOf, needOf } from '../../src/referral/routing/need.ts';
import { type Offer, outcomeOf } from '../../src/referral/routing/offers.ts';
import { planRouting } from '../../src/referral/routing/plan.ts';
import { rank } from '../../src/referral/routing/rank.ts';
import { type RoutingRules, routingRules } from '../../src/referral/routing/rules.ts';
import weights from '../../terminology/routing-weights.json' with { type: 'json' };
import { Catalogue } from './catalogue.ts';
import type { Ask, Deed, Sent, Way } from './deeds.ts';
import { coverageEntry, hospitalId, patientEntry, patientRef, requestEntry, taskEntry } from './entries.ts';
import { Habits } from './habits.ts';
import type { Network } from './network.ts';
import { listWay } from './planner-ways.ts';
import type { Service } from './services.ts';
import { dayOf } from './statements.ts';

const hub = 'hub';

interface Answered {
  kind: 'accepted' | 'declined' | 'expired' | 'withdrawn';
  sent: Sent;
  service: Service;
}

/** What becomes of an offer. */
const statusAfter = {
  accepted: { status: 'accepted' },
  declined: { status: 'rejected' },
  expired: { status: 'cancelled', statusReason: hubReason('offer-expired') },
  withdrawn: { status: 'cancelled', statusReason: hubReason('another-accepted') },
} as const satisfies Record<Answered['kind'], Partial<Task>>;

/** A referral as the hub has it. */
interface Held {
  task: Task & { id: string };
  request: ServiceRequest & { id: string };
  filler?: ServiceRequest;
  offers: Offer[];
  made: Map<Service, { offer: Offer; asked: ReturnType<Habits['asked']> }>;
  /** Of earlier requests for the same person. */
  refusals: { organization: string; at: string; words?: string }[];
}

/** The hub's own functions, on a directory and on Tasks in memory. */
export class HubWay implements Way {
  readonly name = 'hub';
  readonly telephone = false;
  readonly byHand: Way;
  readonly #catalogue: Catalogue;
  readonly #rules: RoutingRules;
  readonly #due: DueRules;
  readonly #habits: Habits[];
  readonly #services: ReadonlyMap<string, Service>;
  readonly #held = new Map<Sent, Held>();

  /** With the rules as shipped, unless others are to be tried. */
  constructor(network: Network, { rules = routingRules(weights), due = dueRules } = {}) {
    this.#rules = rules;
    this.#due = due;
    this.byHand = listWay(network);
    this.#catalogue = new Catalogue(network);
    this.#habits = network.places.map(() => new Habits());
    this.#services = new Map(network.services.map(one => [`HealthcareService/${one.id}`, one]));
  }

  /** Reads the need, looks at the best more closely and lets the hub plan: as `gatherRouting` and `planRouting` do. */
  next(sent: Sent, at: number): readonly Ask[] {
    const held = this.#heldOf(sent);
    const now = new Date(at);
    const need = needFor(sent, held, now, this.#rules);
    const known = this.#catalogue.candidates(sent.referral).map(facts => ({ ...facts, load: 0 }));
    const best = rank(need, known, this.#rules, now).ranked.slice(0, this.#rules.lookedAtClosely);
    const { task, request, filler, offers } = held;
    const state = {
      hub,
      task,
      request,
      ...(filler ? { filler } : {}),
      offers,
      need,
      candidates: best.map(({ candidate }) => ({ ...candidate, ...this.#standingOf(candidate.id, at) })),
      rules: this.#rules,
      parallelOffers: this.#due.parallelOffers,
      offerEnds: () => dueAt('answer', need.priority, now, this.#due),
    };
    const planned = planRouting(state, now);
    return planned.flatMap(write =>
      write.kind === 'create' && write.resource.resourceType === 'Task'
        ? [this.#asked(held, { ...write.resource, id: `${task.id}-${offers.length}` })]
        : [],
    );
  }

  told(deed: Deed): void {
    if (deed.kind === 'stated') {
      this.#catalogue.state(deed.service, { statement: deed.statement, day: dayOf(deed.at) });
    } else if (deed.kind === 'asked') {
      const { made, offers } = this.#heldOf(deed.sent);
      const offer = offers.find(({ organization }) => organization === deed.service.place.id);
      if (!offer) throw new Error('the hub did not ask');
      made.set(deed.service, { offer, asked: this.#habitsOf(deed.service).asked(deed.at) });
    } else if (deed.kind in statusAfter) {
      this.#answered(deed as Deed & Answered);
    } else if (deed.kind === 'visited' || deed.kind === 'failed') {
      this.#habitsOf(deed.service).ended();
      this.#held.delete(deed.sent);
    } else if (deed.kind === 'exhausted') {
      this.#sendAgain(deed.sent);
    } else if (deed.kind === 'given-up') {
      this.#held.delete(deed.sent);
    }
  }

  #asked(held: Held, task: Task): Ask {
    held.task = { ...held.task, status: 'accepted' };
    held.filler ??= { ...held.request, id: `${held.request.id}-filler`, intent: 'filler-order' };
    const organization = task.owner?.reference?.split('/')[1];
    held.offers.push({ task, ...(organization ? { organization } : {}) });
    const offered = inputsOf(task.input ?? [], 'offered-service')[0]?.valueReference?.reference;
    const service = this.#services.get(offered ?? '');
    const until = Date.parse(task.restriction?.period?.end ?? '');
    if (!service || Number.isNaN(until)) throw new Error('an offer without a service or an end');
    return { service, until };
  }

  #answered({ kind, sent, service, at }: Deed & Answered): void {
    const made = this.#heldOf(sent).made.get(service);
    if (!made) throw new Error('nobody was asked');
    const { offer, asked } = made;
    const after = statusAfter[kind];
    offer.task = { ...offer.task, ...after, lastModified: new Date(at).toISOString() };
    this.#habitsOf(service).answered(asked, at, after);
  }

  /** A new request for the same person: who refused the old one is not the first to be asked. */
  #sendAgain(sent: Sent): void {
    const { offers, refusals } = this.#heldOf(sent);
    const refused = offers.flatMap(({ organization, task }) =>
      organization && task.status === 'rejected' ? [{ organization, at: task.lastModified ?? '' }] : [],
    );
    this.#held.set(sent, { ...heldFor(sent, sent.round + 1), refusals: [...refusals, ...refused] });
  }

  #heldOf(sent: Sent): Held {
    const held = this.#held.get(sent) ?? heldFor(sent, sent.round);
    this.#held.set(sent, held);
    return held;
  }

  #habitsOf({ place }: Service): Habits {
    return this.#habits[place.index] as Habits;
  }

  #standingOf(id: string, now: number) {
    const service = this.#services.get(`HealthcareService/${id}`);
    return service ? this.#habitsOf(service).at(now) : {};
  }
}

function heldFor({ referral }: Sent, round: number): Held {
  const id = `request-${referral.index}-${round}`;
  const patient = patientRef(referral);
  const meta = { versionId: '1' };
  return {
    request: { ...requestEntry(referral, patient), id, meta },
    task: { ...taskEntry(referral, patient, `ServiceRequest/${id}`, hub), id: `task-${id}`, meta },
    offers: [],
    made: new Map(),
    refusals: [],
  };
}

function needFor({ referral }: Sent, held: Held, now: Date, rules: RoutingRules) {
  const coverage = coverageEntry(referral, patientRef(referral));
  return needOf(
    {
      request: held.request,
      task: held.task,
      patient: patientEntry(referral),
      coverages: coverage ? [coverage] : [],
      source: hospitalId(referral.hospital),
      preferred: [],
      asked: held.offers.flatMap(offer => {
        const words = outcomeOf(offer);
        return words && offer.organization ? [{ organization: offer.organization, words }] : [];
      }),
      refusals: held.refusals,
      licences: rules.licences,
    },
    now,
  );
}
