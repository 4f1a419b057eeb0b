import type { HealthcareService, Location, Organization, Slot, Task } from '@medplum/fhirtypes';
import { system } from '../../fhir/canonical.ts';
import { answerHours } from './answer-time.ts';
import type { Candidate } from './candidate.ts';
import type { Token } from './codes.ts';
import { type Directory, type ServiceFacts, serviceFacts } from './facts.ts';
import { inChunks, query, type RoutingReader } from './reader.ts';

/** The services of the directory that offer one of these, with the facts about them. */
export async function servicesOffering(
  reader: RoutingReader,
  offers: readonly Token[],
): Promise<ServiceFacts[]> {
  const found = new Map<string, HealthcareService>();
  for (const parameter of ['service-type', 'specialty', 'service-category']) {
    for (const codes of inChunks(offers)) {
      for (const service of await reader.search<HealthcareService>(
        'HealthcareService',
        query({ [parameter]: codes }),
      )) {
        found.set(service.id ?? '', service);
      }
    }
  }
  const services = [...found.values()];
  const directory = await directoryOf(reader, services);
  return services.map(service => serviceFacts(service, directory)).filter(facts => facts !== undefined);
}

/** The organizations and places that services name. */
async function directoryOf(
  reader: RoutingReader,
  services: readonly HealthcareService[],
): Promise<Directory> {
  const organizations = services.map(service => service.providedBy?.reference);
  const places = services.flatMap(({ location = [], coverageArea = [] }) =>
    [...location, ...coverageArea].map(one => one.reference),
  );
  const entries = [
    ...(await allOf<Organization>(reader, 'Organization', organizations)),
    ...(await allOf<Location>(reader, 'Location', places)),
  ].map((entry): [string, Organization | Location] => [`${entry.resourceType}/${entry.id}`, entry]);
  return new Map(entries);
}

async function allOf<R extends Organization | Location>(
  reader: RoutingReader,
  type: R['resourceType'],
  references: readonly (string | undefined)[],
): Promise<R[]> {
  const ids = references.flatMap(reference => {
    const [named, id] = reference?.split('/') ?? [];
    return named === type && id ? [id] : [];
  });
  const pages = inChunks([...new Set(ids)]).map(chunk => reader.search<R>(type, query({ _id: chunk })));
  return (await Promise.all(pages)).flat();
}

/** How a service and its organization stand now: open work, speed of answering, first free slot. */
export async function withStanding(reader: RoutingReader, facts: ServiceFacts): Promise<Candidate> {
  const [load, hours, firstSlot] = await Promise.all([
    reader.count('Task', query({ ...referralsTo(facts), status: openStatuses })),
    speedOf(reader, facts),
    firstFreeSlot(reader, facts),
  ]);
  return {
    ...facts,
    load,
    ...(hours === undefined ? {} : { answerHours: hours }),
    ...(firstSlot ? { firstSlot } : {}),
  };
}

const openStatuses = ['requested', 'accepted', 'in-progress', 'on-hold'];

function referralsTo({ organization }: ServiceFacts): { owner: string; code: string } {
  return { owner: `Organization/${organization}`, code: `${system.taskCode}|fulfill` };
}

/** An organization's habits are read from its latest offers. */
const offersLookedAt = 10;
const daysLookedAt = 90;

async function speedOf(reader: RoutingReader, facts: ServiceFacts): Promise<number | undefined> {
  const since = new Date(reader.now.getTime() - daysLookedAt * 24 * 60 * 60 * 1000);
  const latest = query({
    ...referralsTo(facts),
    'authored-on': `ge${since.toISOString()}`,
    _sort: '-authored-on',
  });
  const offers = await reader.search<Task>('Task', latest, offersLookedAt);
  return answerHours(await Promise.all(offers.map(({ id }) => reader.history<Task>(`Task/${id}`))));
}

async function firstFreeSlot(reader: RoutingReader, { id }: ServiceFacts): Promise<string | undefined> {
  const free = query({
    'schedule.actor': `HealthcareService/${id}`,
    status: 'free',
    start: `ge${reader.now.toISOString()}`,
    _sort: 'start',
  });
  return (await reader.search<Slot>('Slot', free, 1))[0]?.start;
}
