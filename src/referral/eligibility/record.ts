import type { Resource } from '@medplum/fhirtypes';
import type { Repository } from '../../fhir/repository.ts';
import type { PersonRecord } from './decide.ts';
import { leavesOf, type Pack } from './pack.ts';

const pageSize = '200';

/** What packs look at, of one person (logical id), as far as the repository's actor may see it. */
export async function readRecord(
  packs: readonly Pack[],
  patient: string,
  repository: Pick<Repository, 'read' | 'search'>,
): Promise<PersonRecord> {
  // Absent and forbidden are the same: there is no such person.
  const person = await repository.read('Patient', patient);
  const types = new Set(packs.flatMap(({ root }) => leavesOf(root)).map(({ type }) => type));
  // A stay may say by a Condition what it was for.
  if (types.has('Encounter')) types.add('Condition');
  types.delete('Patient');
  const record = new Map<string, readonly Resource[]>([['Patient', [person.resource()]]]);
  for (const type of types) record.set(type, await allOf(type, patient, repository));
  return record;
}

async function allOf(
  type: string,
  patient: string,
  repository: Pick<Repository, 'search'>,
): Promise<Resource[]> {
  const found: Resource[] = [];
  const compartment = { type: 'Patient', id: patient };
  let query: URLSearchParams | undefined = new URLSearchParams({ _count: pageSize });
  while (query) {
    const page = await repository.search(type, query, { compartment });
    for (const { mode, stored } of page.entries) if (mode === 'match') found.push(stored.resource());
    query = page.next === undefined ? undefined : new URLSearchParams(page.next);
  }
  return found.filter(one => isAbout(one, patient));
}

/** In the compartment there is also what a person only did for somebody else. */
function isAbout(resource: Resource, patient: string): boolean {
  const named = resource as Partial<Record<'subject' | 'patient' | 'beneficiary', { reference?: string }>>;
  const about = named.subject ?? named.patient ?? named.beneficiary;
  return !about || about.reference === `Patient/${patient}`;
}
