import type { Patient, Resource, ServiceRequest, Task } from '@medplum/fhirtypes';
import { allows } from '../../access/actor.ts';
import { duplicatesOf, type Sent, topmost } from '../../referral/intake/duplicates.ts';
import { identifiers, type SamePerson, samePerson } from '../../referral/intake/same-person.ts';
import { isReferralTask, requestOf } from '../../referral/lifecycle/referral-task.ts';
import type { Repository, Stored } from '../repository.ts';

/** Somebody who is there already and may be the same person. */
export interface Candidate extends SamePerson {
  stored: Stored;
  patient: Patient;
}

/** A referral that may be the same, with how sure it is that the person is. */
export interface Duplicate extends Sent, SamePerson {}

/** How many of one kind are looked at. */
const most = 50;

/**
 * The persons whom the actor may see who may be this one, the surest first. An actor whose scopes do not search for
 * people finds nobody.
 */
export async function candidatesFor(patient: Patient, repository: Repository): Promise<Candidate[]> {
  if (!allows(repository.actor, 'search', 'Patient')) return [];
  const found = new Map<string, Candidate>();
  for (const query of queriesFor(patient)) {
    for (const stored of await matches(repository, 'Patient', query)) {
      if (stored.id === patient.id || found.has(stored.id)) continue;
      const other = stored.resource() as Patient;
      const same = other.active === false ? undefined : samePerson(patient, other);
      if (same) found.set(stored.id, { ...same, stored, patient: other });
    }
  }
  return [...found.values()].sort((a, b) => grades.indexOf(a.grade) - grades.indexOf(b.grade));
}

const grades = ['certain', 'probable', 'possible'];

function queriesFor(patient: Patient): Record<string, string>[] {
  const own = identifiers(patient);
  const families = [...new Set((patient.name ?? []).flatMap(name => name.family ?? []))];
  return [
    ...(own.length > 0 ? [{ identifier: own.map(escaped).join(',') }] : []),
    ...families.map(family => ({
      family: escapedName(family),
      ...(patient.birthDate ? { birthdate: patient.birthDate } : {}),
    })),
  ];
}

/** In a token the first bar parts system and value: only what comes after it is escaped. */
function escaped(token: string): string {
  const at = token.indexOf('|');
  return `${escapedName(token.slice(0, at))}|${escapedName(token.slice(at + 1))}`;
}

const escapedName = (value: string): string => value.replace(/[\\,$|]/g, '\\$&');

/** Open referrals that the actor may see, for the same person and need, made in whatever name. */
export async function findDuplicates(
  request: ServiceRequest,
  patient: Patient,
  repository: Repository,
): Promise<Duplicate[]> {
  // Who is not let search for referrals is told of none.
  if (!['Task', 'ServiceRequest'].every(type => allows(repository.actor, 'search', type))) return [];
  const itself: SamePerson = { grade: 'certain', common: ['record'] };
  const persons = [{ id: patient.id, same: itself }];
  for (const { stored, grade, common } of await candidatesFor(patient, repository))
    persons.push({ id: stored.id, same: { grade, common } });
  const found: Duplicate[] = [];
  for (const { id, same } of persons) {
    const sent = await referralsOf(id ?? '', repository);
    for (const one of topmost(duplicatesOf(request, sent))) found.push({ ...one, ...same });
  }
  return found;
}

async function referralsOf(patient: string, repository: Repository): Promise<Sent[]> {
  const status = 'requested,received,accepted,in-progress,on-hold';
  const tasks = await matches(repository, 'Task', { patient: `Patient/${patient}`, status });
  const referrals = tasks.map(one => one.resource() as Task).filter(isReferralTask);
  const ids = [...new Set(referrals.flatMap(task => requestOf(task)?.split('/')[1] ?? []))];
  if (ids.length === 0) return [];
  const requests = await matches(repository, 'ServiceRequest', { _id: ids.join(',') });
  const byId = new Map(requests.map(one => [`ServiceRequest/${one.id}`, one.resource() as ServiceRequest]));
  return referrals.flatMap(task => {
    const request = byId.get(requestOf(task) ?? '');
    return request ? [{ task, request }] : [];
  });
}

async function matches(
  repository: Repository,
  type: Resource['resourceType'],
  query: Record<string, string>,
): Promise<Stored[]> {
  const page = await repository.search(type, new URLSearchParams({ ...query, _count: String(most) }));
  return page.entries.filter(one => one.mode === 'match').map(one => one.stored);
}
