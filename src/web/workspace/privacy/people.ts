import type { Patient } from '@medplum/fhirtypes';
import { HubError } from '../../../errors.ts';
import type { Repository } from '../../../fhir/repository.ts';
import { personName } from '../../seen.ts';
import { personQueries } from '../search/find.ts';

/** Somebody whose record is looked into. */
export interface Chosen {
  id: string;
  /** Absent: the reader's organization may not see who it is. */
  name?: string;
  born?: string;
}

const most = '20';

/** People whose record the reader may see, by name, date of birth or identifier. */
export async function peopleCalled(repository: Repository, text: string): Promise<Chosen[]> {
  const queries = personQueries(text.slice(0, 100).split(/\s+/).filter(Boolean));
  const pages = await Promise.all(
    queries
      .filter(query => query.length > 0)
      .map(query => repository.search('Patient', new URLSearchParams([...query, ['_count', most]]))),
  );
  const found = pages.flatMap(({ entries }) =>
    entries.map(({ stored }) => chosen(stored.resource() as Patient)),
  );
  return [...new Map(found.map(one => [one.id, one])).values()];
}

/** Who it is, as far as the reader may know it. */
export async function personCalled(repository: Repository, id: string): Promise<Chosen> {
  try {
    return chosen((await repository.read('Patient', id)).resource() as Patient);
  } catch (error) {
    if (error instanceof HubError && ['not-found', 'gone'].includes(error.kind)) return { id };
    throw error;
  }
}

function chosen(patient: Patient): Chosen {
  const name = personName(patient);
  return {
    id: patient.id ?? '',
    ...(name ? { name } : {}),
    ...(patient.birthDate ? { born: patient.birthDate } : {}),
  };
}
