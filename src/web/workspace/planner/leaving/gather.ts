import type { CareTeam, Encounter, Organization, Patient, Task } from '@medplum/fhirtypes';
import { followUpCode, momentsOf } from '../../../../care/follow-up/facts.ts';
import { diedThere, isStay, leaving } from '../../../../care/follow-up/stay.ts';
import type { Repository } from '../../../../fhir/repository.ts';
import { daysBetween } from '../../../../referral/clocks/follow-up.ts';
import { isReferralTask } from '../../../../referral/lifecycle/referral-task.ts';
import { tokens } from '../../../../referral/routing/codes.ts';
import { type FoundPage, findPage } from '../../../found.ts';
import { look, personName, type Seen } from '../../../seen.ts';
import { caseManagerOf } from '../case-manager.ts';
import { zoneOf } from '../facility.ts';
import { type Leaver, visitDays } from './leaver.ts';
import { placementsOf } from './placements.ts';
import { visitOf } from './visit.ts';

/** Everybody whose leaving is to be seen to, in no order. */
export interface Leavers {
  people: Leaver[];
  /** IANA name of the zone that days are counted in. */
  zone: string;
  /** There are more stays than are looked at. */
  more: boolean;
}

/** As many as a search answers with who they are; more than lie in any one hospital's psychiatric wards. */
const most = 900;
/** Of so many people one search takes the ids, and finds all referrals. */
const atOnce = 100;
const dayMs = 86_400_000;

const stays: readonly (readonly [string, string])[] = [
  ['class', 'IMP,ACUTE'],
  ['_include', 'Encounter:patient'],
  ['_include', 'Encounter:service-provider'],
  ['_sort', '-date'],
  ['_count', String(most)],
];

/** Who is in the organization's care, and who left it in the last days without a first visit since. */
export async function leaversOf(repository: Repository, now: Date): Promise<Leavers> {
  const provider = ['service-provider', `Organization/${repository.actor.organization}`] as const;
  // A day more than counts: it begins at midnight where the hospital is.
  const since = new Date(now.getTime() - (visitDays + 1) * dayMs).toISOString();
  const [present, gone] = await Promise.all([
    findPage<Encounter>(repository, 'Encounter', [
      ...stays,
      provider,
      ['status', 'arrived,triaged,in-progress,onleave'],
    ]),
    findPage<Encounter>(repository, 'Encounter', [
      ...stays,
      provider,
      ['status', 'finished'],
      ['date', `ge${since}`],
    ]),
  ]);
  const [first] = [...present.matches, ...gone.matches];
  const zone = zoneOf(
    first && (present.get<Organization>(first.serviceProvider) ?? gone.get(first.serviceProvider)),
  );
  const chosen = [...rows(present), ...rows(gone)].filter(onePerson()).flatMap(({ stay, patient }) => {
    const at = leaving(stay, zone);
    const when = at && { at: at.at, left: !at.planned, days: daysBetween(now, at.at, zone) };
    return !when?.left || when.days >= -visitDays ? [{ stay, patient, when }] : [];
  });
  const known = await knownOf(
    repository,
    chosen.map(({ patient }) => patient.id ?? ''),
  );
  return {
    people: chosen
      .map(one => leaverOf(one, known.get(one.patient.id ?? ''), { zone, now }))
      .filter(isToBeSeenTo),
    zone,
    more: present.next !== undefined,
  };
}

interface Row {
  stay: Encounter;
  patient: Patient;
}

function rows(page: FoundPage<Encounter>): Row[] {
  return page.matches.flatMap(stay => {
    const patient = page.get<Patient>(stay.subject);
    const over = !patient || patient.deceasedBoolean || patient.deceasedDateTime || diedThere(stay);
    return over || !isStay(stay) ? [] : [{ stay, patient }];
  });
}

/** Who came back is in care, and has not left. */
function onePerson(): (row: Row) => boolean {
  const seen = new Set<string | undefined>();
  return ({ patient: { id } }) => {
    const first = !seen.has(id);
    seen.add(id);
    return first;
  };
}

interface Known {
  referrals: Omit<Seen, 'next'>;
  followUps: readonly Task[];
  teams: FoundPage<CareTeam>;
}

/** By the id of the Patient. */
async function knownOf(
  repository: Repository,
  patients: readonly string[],
): Promise<ReadonlyMap<string, Known>> {
  const starts = Array.from({ length: Math.ceil(patients.length / atOnce) }, (_, at) => at * atOnce);
  const parts = await Promise.all(
    starts.map(async start => {
      const some = patients.slice(start, start + atOnce);
      const known = await knownOfSome(repository, some);
      return some.map((id): [string, Known] => [id, known]);
    }),
  );
  return new Map(parts.flat());
}

async function knownOfSome(repository: Repository, patients: readonly string[]): Promise<Known> {
  const of = ['patient', patients.map(id => `Patient/${id}`).join(',')] as const;
  const [referrals, followUps, teams] = await Promise.all([
    look(repository, { patients }),
    findPage<Task>(repository, 'Task', [
      of,
      ['code', tokens(followUpCode).join(',')],
      ['_sort', '-_lastUpdated'],
      ['_count', '1000'],
    ]),
    findPage<CareTeam>(repository, 'CareTeam', [
      of,
      ['status', 'active'],
      ['_include', 'CareTeam:participant'],
      ['_count', '1000'],
    ]),
  ]);
  return { referrals, followUps: followUps.matches, teams };
}

function leaverOf(
  { stay, patient, when }: Row & { when: Leaver['leaving'] },
  known: Known | undefined,
  place: { zone: string; now: Date },
): Leaver {
  const about = `Patient/${patient.id}`;
  const tasks =
    known?.referrals.tasks.filter(one => one.for?.reference === about && isReferralTask(one)) ?? [];
  const since = new Date(stay.period?.start ?? 0);
  const referrals = known
    ? placementsOf(tasks, known.referrals, { reader: organizationOf(stay), since })
    : [];
  const followUp = known?.followUps.find(({ focus }) => focus?.reference === `Encounter/${stay.id}`);
  const teams = known?.teams.matches.filter(({ subject }) => subject?.reference === about) ?? [];
  const visit = visitOf({ tasks, facts: followUp && factsIn(followUp), leaving: when?.at, since }, place);
  const ward = stay.location?.[0]?.location.display;
  const caseManager = known && caseManagerOf(teams, known.teams);
  return {
    patient: patient.id ?? '',
    stay: stay.id ?? '',
    name: personName(patient) ?? 'No name',
    ...(ward ? { ward } : {}),
    ...(when ? { leaving: when } : {}),
    ...(visit ? { visit } : {}),
    ...(caseManager ? { caseManager } : {}),
    referrals,
  };
}

const organizationOf = ({ serviceProvider }: Encounter): string =>
  serviceProvider?.reference?.split('/')[1] ?? '';

const factsIn = (task: Task) => ({
  booked: momentsOf(task, 'booked-visit'),
  kept: momentsOf(task, 'qualifying-visit', 'other-visit', 'case-manager-contact'),
  missed: momentsOf(task, 'missed-visit'),
});

/** After the first visit the person is with others. */
const isToBeSeenTo = ({ leaving: when, visit }: Leaver): boolean => !when?.left || visit?.state !== 'kept';
