import type { Patient } from '@medplum/fhirtypes';
import { allows } from '../../access/actor.ts';
import { HubError } from '../../errors.ts';
import type { Repository, Stored } from '../../fhir/repository.ts';
import type { Choice } from './consent-page.tsx';

const shown = 20;

/** People whose record can be chosen: those that the repository's actor may see. */
export async function findPatients(
  repository: Repository,
  name: string,
): Promise<{ name: string; found: Choice[]; more: boolean }> {
  if (!allows(repository.actor, 'search', 'Patient')) return { name, found: [], more: false };
  const query = new URLSearchParams({ _count: String(shown), _sort: 'family' });
  if (name !== '') query.set('name:contains', name);
  const { entries, next } = await repository.search('Patient', query);
  return { name, found: entries.map(({ stored }) => choiceOf(stored)), more: next !== undefined };
}

/** HubError('invalid') for somebody whose record the actor may not see, or who is not there: the same. */
export async function choosePatient(repository: Repository, id: string): Promise<Choice> {
  try {
    return choiceOf(await repository.read('Patient', id));
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    throw new HubError('invalid', 'You may not see this record. Choose another one.');
  }
}

function choiceOf(stored: Stored): Choice {
  const { name = [], birthDate } = stored.resource() as Patient;
  const [first] = name;
  const text = first?.text ?? [...(first?.given ?? []), first?.family].filter(Boolean).join(' ');
  return { id: stored.id, name: text || 'Without a name', ...(birthDate ? { birthDate } : {}) };
}
