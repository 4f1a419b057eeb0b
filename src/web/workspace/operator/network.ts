import type { HealthcareService, Organization, Task } from '@medplum/fhirtypes';
import type { Listing } from '../../../auth/accounts/management.ts';
import type { Client } from '../../../auth/clients.ts';
import { system } from '../../../fhir/canonical.ts';
import type { Repository } from '../../../fhir/repository.ts';
import { nextStepOf } from '../../../referral/lifecycle/next-step.ts';
import { verifiedOn } from '../../../referral/routing/facts.ts';
import { hasSunk } from '../../../referral/routing/verifying.ts';
import { type FoundPage, findPage } from '../../found.ts';

/** One organization as the operator looks after it. */
export interface Member {
  id: string;
  name: string;
  /** What kind of organization it is, in words. */
  kind: string;
  people: number;
  systems: number;
  services: number;
  /** Referrals whose next step is the organization's. */
  waiting: number;
  /** Of these, with the time for it over. */
  late: number;
  /** In words: what somebody has to do about it. */
  attention: string[];
}

export interface Network {
  members: Member[];
  /** Entries of the directory that nobody has confirmed for long, the oldest first. */
  stale: { id: string; name: string; organization: string; verified: string }[];
  suspended: Client[];
  counts: { organizations: number; people: number; invited: number; systems: number; services: number };
  /** There is more than these pages show. */
  partial: boolean;
}

interface Sources {
  organizations: FoundPage<Organization>;
  services: FoundPage<HealthcareService>;
  referrals: FoundPage<Task>;
  people: readonly Listing[];
  clients: readonly Client[];
  now: Date;
}

const most = '1000';

/** What the directory and the referrals say that the hub's own organization can see. */
export async function readNetwork(
  repository: Repository,
  others: Pick<Sources, 'people' | 'clients' | 'now'>,
): Promise<Network> {
  const [organizations, services, referrals] = await Promise.all([
    findPage<Organization>(repository, 'Organization', [
      ['_sort', 'name'],
      ['_count', most],
      ['_total', 'accurate'],
    ]),
    findPage<HealthcareService>(repository, 'HealthcareService', [
      ['active:not', 'false'],
      ['_count', most],
      ['_total', 'accurate'],
    ]),
    findPage<Task>(repository, 'Task', [
      ['code', `${system.taskCode}|fulfill`],
      ['next-due:missing', 'false'],
      ['_count', most],
    ]),
  ]);
  return network({ organizations, services, referrals, ...others });
}

export function network(sources: Sources): Network {
  const { organizations, services, referrals, people, clients, now } = sources;
  const turns = turnsOf(referrals.matches, now);
  const members = organizations.matches.map(one => member(one, sources, turns));
  return {
    members: members.sort((a, b) => b.attention.length - a.attention.length || a.name.localeCompare(b.name)),
    stale: services.matches
      .flatMap(one => staleEntry(one, now))
      .sort((a, b) => (a.verified < b.verified ? -1 : 1)),
    suspended: clients.filter(one => one.suspended),
    counts: {
      organizations: organizations.total ?? organizations.matches.length,
      people: new Set(people.map(one => one.account)).size,
      invited: people.filter(one => one.state === 'invited').length,
      systems: clients.length,
      services: services.total ?? services.matches.length,
    },
    partial: [organizations, services, referrals].some(({ next }) => next !== undefined),
  };
}

type Turns = ReadonlyMap<string, { waiting: number; late: number }>;

/** A referral through the hub is several Tasks: each request counts once with whoever has to do something. */
function turnsOf(tasks: readonly Task[], now: Date): Turns {
  const turns = new Map<string, Map<string, Date>>();
  for (const task of tasks) {
    const step = nextStepOf(task);
    if (!step) continue;
    const of = turns.get(step.turn) ?? new Map<string, Date>();
    const [about, due] = [task.focus?.reference ?? task.id ?? '', new Date(step.due)];
    const known = of.get(about);
    of.set(about, known && known < due ? known : due);
    turns.set(step.turn, of);
  }
  return new Map(
    [...turns].map(([turn, of]) => {
      const late = [...of.values()].filter(due => due < now).length;
      return [turn, { waiting: of.size, late }];
    }),
  );
}

function member(
  { id = '', name, type, telecom = [], active }: Organization,
  { services, people, clients, now }: Sources,
  turns: Turns,
): Member {
  const own = services.matches.filter(one => one.providedBy?.reference === `Organization/${id}`);
  const staff = people.filter(one => one.organization === id && one.state !== 'suspended');
  const systems = clients.filter(one => one.organization === id && !one.suspended);
  const { waiting = 0, late = 0 } = turns.get(id) ?? {};
  const reachable = telecom.some(one => one.system === 'email' || one.system === 'phone');
  const offers = own.length > 0 && active !== false;
  return {
    id,
    name: name ?? id,
    kind: type?.map(one => one.text ?? one.coding?.[0]?.display).find(Boolean) ?? '',
    people: staff.length,
    systems: systems.length,
    services: own.length,
    waiting,
    late,
    attention: [
      ...(offers && staff.length === 0 && systems.length === 0 && !reachable
        ? ['Nobody can be reached: it has no people, no system and no contact.']
        : []),
      ...(late > 0 ? [late === 1 ? 'A referral is past due.' : `${late} referrals are past due.`] : []),
      ...(own.some(one => hasSunk(one, now)) ? ['Its directory entry is not confirmed.'] : []),
    ],
  };
}

function staleEntry(service: HealthcareService, now: Date): Network['stale'] {
  const verified = verifiedOn(service);
  if (verified === undefined || !hasSunk(service, now)) return [];
  const { id = '', name, providedBy } = service;
  return [{ id, name: name ?? id, organization: providedBy?.display ?? '', verified }];
}
