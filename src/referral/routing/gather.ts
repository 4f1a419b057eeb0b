import type {
  Coverage,
  HealthcareService,
  Patient,
  PractitionerRole,
  ServiceRequest,
  Task,
} from '@medplum/fhirtypes';
import weights from '../../../terminology/routing-weights.json' with { type: 'json' };
import { dueAt, dueRules, timesFor } from '../lifecycle/due.ts';
import { wordsOf } from '../lifecycle/reasons.ts';
import { redirectedTo } from '../working/outputs.ts';
import { withPacket } from './attached-packet.ts';
import type { Candidate, Need } from './candidate.ts';
import { tokens } from './codes.ts';
import { servicesFor } from './directory.ts';
import { needOf, programsOf } from './need.ts';
import { changedAt, isListed, type Offer, outcomeOf } from './offers.ts';
import { isRoutable, looksForMore, type RoutingState } from './plan.ts';
import { rank } from './rank.ts';
import { query, type RoutingReader } from './reader.ts';
import { type RoutingRules, routingRules } from './rules.ts';
import { withStanding } from './standing.ts';
import { choiceOf } from './strategy.ts';

/** Reads what `planRouting` decides by; undefined where there is nothing for the hub to do now. */
export async function gatherRouting(
  reader: RoutingReader,
  task: Task,
  request: ServiceRequest,
): Promise<RoutingState | undefined> {
  const hub = reader.hubOrganization;
  if (!isRoutable({ task, request, hub })) {
    return undefined;
  }
  const offers = await offersOf(reader, query({ 'part-of': `Task/${task.id}` }));
  const rules = routingRules(weights, programsOf(request));
  const { due } = reader.rules ?? { due: dueRules };
  const { parallelOffers } = due;
  const programs = tokens(...(request.category ?? []));
  // The usual case by far: the referral is with somebody, and every step of theirs wakes the hub.
  if (task.status !== 'requested' && !looksForMore({ task, offers, rules, parallelOffers })) {
    return undefined;
  }
  const need = await needFor(reader, { task, request, offers, rules });
  const filler = await fillerOf(reader, request);
  const withheld = withheldOf(reader, { request, task });
  const { candidates, left } = await candidatesFor(reader, need, rules, withheld);
  return {
    hub,
    task,
    request,
    ...(filler ? { filler } : {}),
    offers,
    need: await withPacket(reader, need, candidates, { request, task }),
    candidates,
    left,
    rules,
    offerEnds: asked =>
      dueAt('answer', need.priority, reader.now, timesFor(due, { ...whose(asked), programs })),
    parallelOffers,
  };
}

const whose = (asked: Candidate | undefined) => ({
  organization: asked?.organization,
  timeZone: asked?.timeZone,
});

/**
 * The services to rank, and those that are excluded. Only the best by what the directory says are looked at more
 * closely, and only they are ranked: once they have all been asked, it is the turn of those behind them. `left`: so many more were not even looked at.
 */
export async function candidatesFor(
  reader: RoutingReader,
  need: Need,
  rules: RoutingRules,
  withheld: Withheld,
): Promise<{ candidates: Candidate[]; left: number }> {
  const { services, left } = await servicesFor(reader, need);
  const hidden = await withheld(services.map(({ organization }) => organization));
  const known = services.map(
    (facts): Candidate => ({
      ...facts,
      load: 0,
      ...(hidden.has(facts.organization) ? { withheld: true } : {}),
    }),
  );
  const { ranked, excluded } = rank(need, known, rules, reader.now);
  const best = ranked.slice(0, rules.lookedAtClosely);
  const closer = await withStanding(
    reader,
    best.map(({ candidate }) => candidate),
  );
  return { candidates: [...closer, ...excluded.map(({ candidate }) => candidate)], left };
}

/** Those of the organizations that may not be shown what they would be asked. */
export type Withheld = (organizations: readonly string[]) => Promise<ReadonlySet<string>>;

/** By the labels of a request, and of the Task it is sent with, whoever knows them. */
export const withheldOf =
  (reader: RoutingReader, { request, task }: { request: ServiceRequest; task: Task }): Withheld =>
  organizations => {
    const [, patient = ''] = request.subject.reference?.split('/') ?? [];
    return reader.withheldFrom({ patient, resources: [request, task] }, organizations);
  };

/** What a referral needs, with all that it refers to as the reader sees it. */
export async function needFor(
  reader: RoutingReader,
  {
    task,
    request,
    offers,
    rules,
  }: {
    task: Pick<Task, 'for' | 'input' | 'priority' | 'requester'>;
    request: ServiceRequest;
    offers: readonly Offer[];
    rules: RoutingRules;
  },
): Promise<Need> {
  const patient = await reader.read<Patient>(task.for?.reference ?? request.subject.reference ?? '');
  const insurance = (request.insurance ?? []).map(({ reference = '' }) => reader.read<Coverage>(reference));
  const coverages = (await Promise.all(insurance)).filter(
    (found): found is Coverage => found?.resourceType === 'Coverage',
  );
  const earlier = patient ? await refusedEarlier(reader, `Patient/${patient.id}`, offers) : [];
  const [same, other] = [true, false].map(wanted =>
    earlier.filter(offer => isFor(offer, request) === wanted),
  );
  const performers = await Promise.all(
    (request.performer ?? []).map(({ reference }) => organizationOf(reader, reference)),
  );
  const source = await organizationOf(reader, task.requester?.reference);
  return needOf(
    {
      task,
      request,
      patient,
      coverages,
      source,
      preferred: [
        ...performers.filter(id => id !== undefined && id !== reader.hubOrganization),
        // Whom those who declined advise to ask instead.
        ...offers.flatMap(offer => redirectedTo(offer.task)),
      ] as string[],
      asked: [...offers, ...(same ?? [])].flatMap(offer => {
        const words = outcomeOf(offer);
        return words && offer.organization ? [{ organization: offer.organization, words }] : [];
      }),
      refusals: (await ofSender(reader, other ?? [], source)).flatMap(({ organization, task: past }) =>
        organization ? [{ organization, at: changedAt(past), words: wordsOf(past.statusReason) }] : [],
      ),
      licences: rules.licences,
      chosen: choiceOf(task)?.reference,
    },
    reader.now,
  );
}

/** What came of another sender's referrals is not told to this one. */
async function ofSender(
  reader: RoutingReader,
  offers: readonly Offer[],
  source: string | undefined,
): Promise<Offer[]> {
  const senders = await Promise.all(
    offers.map(async ({ task }) => {
      const request = await reader.read<ServiceRequest>(task.basedOn?.[0]?.reference ?? '');
      return organizationOf(reader, request?.requester?.reference);
    }),
  );
  return offers.filter((_, at) => source !== undefined && senders[at] === source);
}

/** The hub's own open request for the source's. */
async function fillerOf(reader: RoutingReader, request: ServiceRequest): Promise<ServiceRequest | undefined> {
  const own = query({
    'based-on': `ServiceRequest/${request.id}`,
    intent: 'filler-order',
    requester: `Organization/${reader.hubOrganization}`,
    status: 'active',
  });
  return (await reader.search<ServiceRequest>('ServiceRequest', own, 1))[0];
}

async function refusedEarlier(
  reader: RoutingReader,
  patient: string,
  offers: readonly Offer[],
): Promise<Offer[]> {
  const now = new Set(offers.map(({ task }) => task.id));
  const requester = `Organization/${reader.hubOrganization}`;
  const refused = await offersOf(reader, query({ patient, requester, status: ['rejected', 'failed'] }));
  return refused.filter(({ task }) => !now.has(task.id));
}

function isFor({ task }: Offer, request: ServiceRequest): boolean {
  return (task.basedOn ?? []).some(({ reference }) => reference === `ServiceRequest/${request.id}`);
}

/** Offers that a search of Tasks finds, with whom each asks. */
export async function offersOf(reader: RoutingReader, search: string): Promise<Offer[]> {
  const tasks = await reader.search<Task>('Task', search);
  const offers = tasks.map(async task => ({
    task,
    organization: await organizationOf(reader, task.owner?.reference),
  }));
  return (await Promise.all(offers)).filter(offer => offer.organization ?? isListed(offer.task));
}

/** The organization that an entry of the directory belongs to. */
async function organizationOf(
  reader: RoutingReader,
  reference: string | undefined,
): Promise<string | undefined> {
  const [type, id] = reference?.split('/') ?? [];
  if (!reference || type === 'Organization') {
    return id;
  }
  const entry = await reader.read<PractitionerRole | HealthcareService>(reference);
  if (entry?.resourceType === 'PractitionerRole') {
    return entry.organization?.reference?.split('/')[1];
  }
  return entry?.resourceType === 'HealthcareService' ? entry.providedBy?.reference?.split('/')[1] : undefined;
}
