import type { Patient } from '@medplum/fhirtypes';
import { type Candidate, candidatesFor } from '../../../../fhir/operations/find-duplicates.ts';
import type { Repository } from '../../../../fhir/repository.ts';
import { nearlySame } from './near.ts';

/** How many of the same birth date, or of the same name, are looked at. */
const most = '100';

/**
 * People whom the actor may see who may be the one that is typed in, the surest first: those that any sender is told of,
 * and those that differ by a slip of whoever types.
 */
export async function candidates(patient: Patient, repository: Repository): Promise<Candidate[]> {
  const [certain, ...others] = await Promise.all([
    candidatesFor(patient, repository),
    ...queriesFor(patient).map(query => repository.search('Patient', query)),
  ]);
  const found = new Map(certain.map(one => [one.stored.id, one]));
  for (const { stored } of others.flatMap(({ entries }) => entries)) {
    const other = stored.resource() as Patient;
    const common = found.has(stored.id) || other.active === false ? undefined : nearlySame(patient, other);
    if (common) found.set(stored.id, { stored, patient: other, grade: 'possible', common });
  }
  return [...found.values()];
}

function queriesFor({ birthDate, name }: Patient): URLSearchParams[] {
  const [{ given: [given = ''] = [], family = '' } = {}] = name ?? [];
  const byName = { given: escaped(given), family: escaped(family) };
  return [
    ...(birthDate ? [new URLSearchParams({ birthdate: birthDate, _count: most })] : []),
    ...(given && family ? [new URLSearchParams({ ...byName, _count: most })] : []),
  ];
}

const escaped = (value: string): string => value.replace(/[\\,$|]/g, '\\$&');
