import type { Schedule, Slot, Task } from '@medplum/fhirtypes';
import { system } from '../../fhir/canonical.ts';
import { answersOf } from './answer-time.ts';
import type { Candidate } from './candidate.ts';
import type { ServiceFacts } from './facts.ts';
import { inChunks, query, type RoutingReader } from './reader.ts';

/** How services and their organizations stand now: open work, speed and number of answers, first free slot. */
export async function withStanding(
  reader: RoutingReader,
  services: readonly ServiceFacts[],
): Promise<Candidate[]> {
  const booked = await bookedOnline(reader, services);
  return Promise.all(
    services.map(async facts => {
      const [load, answers, firstSlot] = await Promise.all([
        reader.count('Task', query({ ...referralsTo(facts), status: openStatuses })),
        habitsOf(reader, facts),
        booked.has(`HealthcareService/${facts.id}`) ? firstFreeSlot(reader, facts) : undefined,
      ]);
      return { ...facts, load, ...answers, ...(firstSlot ? { firstSlot } : {}) };
    }),
  );
}

/** Few services have a Schedule: which of them is asked once for all. */
async function bookedOnline(
  reader: RoutingReader,
  services: readonly ServiceFacts[],
): Promise<ReadonlySet<string>> {
  const pages = inChunks(services).map(some =>
    reader.search<Schedule>('Schedule', query({ actor: some.map(({ id }) => `HealthcareService/${id}`) })),
  );
  const schedules = (await Promise.all(pages)).flat();
  return new Set(schedules.flatMap(({ actor }) => actor.flatMap(({ reference }) => reference ?? [])));
}

const openStatuses = ['requested', 'accepted', 'in-progress', 'on-hold'];

function referralsTo({ organization }: ServiceFacts): { owner: string; code: string } {
  return { owner: `Organization/${organization}`, code: `${system.taskCode}|fulfill` };
}

/** An organization's habits are read from its latest offers. */
const offersLookedAt = 10;
const daysLookedAt = 90;

async function habitsOf(
  reader: RoutingReader,
  facts: ServiceFacts,
): Promise<Pick<Candidate, 'answerHours' | 'answered'>> {
  const since = new Date(reader.now.getTime() - daysLookedAt * 24 * 60 * 60 * 1000);
  const latest = query({
    ...referralsTo(facts),
    'authored-on': `ge${since.toISOString()}`,
    _sort: '-authored-on',
  });
  const offers = await reader.search<Task>('Task', latest, offersLookedAt);
  return answersOf(await Promise.all(offers.map(({ id }) => reader.history<Task>(`Task/${id}`))));
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
