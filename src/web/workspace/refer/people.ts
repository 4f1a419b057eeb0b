import type { Encounter, Patient } from '@medplum/fhirtypes';
import type { Repository } from '../../../fhir/repository.ts';
import { personQueries } from '../search/find.ts';

/** Somebody who can be chosen, with what tells them from others of the same name. */
export interface PersonRow {
  patient: Patient;
  /** They are in the organization's care now, since then. */
  since?: string;
}

const most = '20';

/** Who is in the organization's care now: mostly it is they who are referred. */
export async function inCare(repository: Repository): Promise<PersonRow[]> {
  const query = new URLSearchParams([
    ['status', 'in-progress,arrived,onleave'],
    ['service-provider', `Organization/${repository.actor.organization}`],
    ['_include', 'Encounter:patient'],
    ['_sort', '-date'],
    ['_count', most],
  ]);
  const { entries } = await repository.search('Encounter', query);
  const people = new Map(entries.map(({ stored }) => [`${stored.type}/${stored.id}`, stored]));
  const rows = new Map<string, PersonRow>();
  for (const { mode, stored } of entries) {
    if (mode !== 'match') continue;
    const { subject, period } = stored.resource() as Encounter;
    const reference = subject?.reference ?? '';
    const patient = people.get(reference)?.resource() as Patient | undefined;
    if (patient && !rows.has(reference))
      rows.set(reference, { patient, ...(period?.start ? { since: period.start } : {}) });
  }
  return [...rows.values()];
}

/** People whom the actor may see, by name, birth date or an identifier. */
export async function findPeople(repository: Repository, text: string): Promise<PersonRow[]> {
  const queries = personQueries(text.slice(0, 100).split(/\s+/).filter(Boolean));
  const pages = await Promise.all(
    queries
      .filter(query => query.length > 0)
      .map(query => repository.search('Patient', new URLSearchParams([...query, ['_count', most]]))),
  );
  const found = new Map(
    pages.flatMap(({ entries }) => entries.map(({ stored }) => [stored.id, stored.resource() as Patient])),
  );
  return [...found.values()].filter(({ active }) => active !== false).map(patient => ({ patient }));
}
