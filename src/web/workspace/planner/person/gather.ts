import type {
  Appointment,
  CareTeam,
  Consent,
  Coverage,
  Encounter,
  EpisodeOfCare,
  Patient,
  Reference,
  Resource,
  Task,
} from '@medplum/fhirtypes';
import { allows } from '../../../../access/actor.ts';
import { isStay } from '../../../../care/follow-up/stay.ts';
import type { Repository, SearchEntry } from '../../../../fhir/repository.ts';
import { parentOf } from '../../../../referral/lifecycle/referral-task.ts';
import { type Referral, referralOf } from '../../../referrals.ts';
import { look, type Seen } from '../../../seen.ts';

/** What the organization may see of one person, as the person page tells it. */
export interface Person {
  patient: Patient;
  /** Organization that keeps the record. */
  keeper: string;
  stays: Encounter[];
  referrals: Referral[];
  appointments: Appointment[];
  teams: CareTeam[];
  coverages: Coverage[];
  /** Cases that the reader's own organization carries. */
  episodes: EpisodeOfCare[];
  /** Each with the organization that recorded it; undefined: the reader may not see consents. */
  consents: { consent: Consent; recorder: string }[] | undefined;
  get<R extends Resource>(reference: Reference | undefined): R | undefined;
}

/** What comes along with a Patient, and with that. */
const along = [
  ['Encounter', '_revinclude', 'Encounter:patient'],
  ['Appointment', '_revinclude', 'Appointment:patient'],
  ['Appointment', '_include:iterate', 'Appointment:actor'],
  ['Appointment', '_include:iterate', 'Appointment:supporting-info'],
  ['Task', '_include:iterate', 'Task:owner'],
  ['CareTeam', '_revinclude', 'CareTeam:patient'],
  ['CareTeam', '_include:iterate', 'CareTeam:participant'],
  ['Condition', '_revinclude', 'Condition:patient'],
  ['Coverage', '_revinclude', 'Coverage:beneficiary'],
  ['Coverage', '_include:iterate', 'Coverage:payor'],
  ['EpisodeOfCare', '_revinclude', 'EpisodeOfCare:patient'],
  ['Consent', '_revinclude', 'Consent:patient'],
  ['Consent', '_include:iterate', 'Consent:actor'],
] as const;

/** Everything about the person that the actor may see: two searches. Undefined: they see nobody there. */
export async function personOf(repository: Repository, id: string): Promise<Person | undefined> {
  const { actor } = repository;
  const reads = (type: string) => allows(actor, 'search', type);
  const query = new URLSearchParams([
    ['_id', id],
    ...along.flatMap(([type, how, what]): [string, string][] => (reads(type) ? [[how, what]] : [])),
  ]);
  const [found, referrals] = await Promise.all([
    repository.search('Patient', query),
    reads('Task') ? look(repository, { patients: [id] }) : undefined,
  ]);
  const itself = found.entries.find(({ mode }) => mode === 'match');
  if (!itself) return undefined;
  const all = byType(found.entries);
  const of = <R extends Resource>(type: R['resourceType']) => (all.get(type) ?? []) as R[];
  const known = new Map([...all.values()].flat().map(one => [`${one.resourceType}/${one.id}`, one]));
  const own = `Organization/${actor.organization}`;
  return {
    patient: itself.stored.resource() as Patient,
    keeper: itself.stored.source,
    stays: of<Encounter>('Encounter').filter(isStay).sort(latestFirst),
    referrals: referrals ? rowsOf(referrals, actor.organization) : [],
    appointments: of<Appointment>('Appointment').sort((a, b) => (b.start ?? '').localeCompare(a.start ?? '')),
    teams: of<CareTeam>('CareTeam').filter(({ status }) => status === 'active'),
    coverages: of<Coverage>('Coverage').filter(({ status }) => status === 'active'),
    episodes: of<EpisodeOfCare>('EpisodeOfCare').filter(
      ({ managingOrganization: by, status }) => by?.reference === own && !over.includes(status ?? ''),
    ),
    consents: reads('Consent') ? consentsIn(found.entries) : undefined,
    get: <R extends Resource>(reference: Reference | undefined) =>
      known.get(reference?.reference ?? '') as R | undefined,
  };
}

/** Each referral once: as the reader's organization sent or received it, or else as far above as they see it. */
function rowsOf(seen: Omit<Seen, 'next'>, reader: string): Referral[] {
  const tasks = seen.tasks.filter(({ status }) => status !== 'entered-in-error');
  const rows = tasks.map(task => ({ task, row: referralOf(task, reader, seen) }));
  const own = rows.filter(({ row }) => row.direction !== 'other');
  const above = (one: Task, other: Task): boolean => parentOf(one) === `Task/${other.id}`;
  const shown = rows.filter(one =>
    one.row.direction === 'other'
      ? !own.some(({ task }) => above(task, one.task)) && !rows.some(({ task }) => above(one.task, task))
      : !own.some(({ task }) => above(one.task, task)),
  );
  return shown.map(({ row }) => row).sort((a, b) => b.changed.getTime() - a.changed.getTime());
}

const over = ['finished', 'cancelled', 'entered-in-error'];

function byType(entries: readonly SearchEntry[]): Map<string, Resource[]> {
  const groups = Map.groupBy(entries, ({ stored }) => stored.type);
  return new Map([...groups].map(([type, group]) => [type, group.map(({ stored }) => stored.resource())]));
}

const latestFirst = (a: Encounter, b: Encounter): number =>
  (b.period?.start ?? '').localeCompare(a.period?.start ?? '');

const consentsIn = (entries: readonly SearchEntry[]) =>
  entries
    .filter(({ stored }) => stored.type === 'Consent')
    .map(({ stored }) => ({ consent: stored.resource() as Consent, recorder: stored.source }));
