import type { PlanDefinition } from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import { type Pack, readPack } from '../../referral/eligibility/pack.ts';
import type { Repository } from '../repository.ts';

/**
 * The pack of criteria with this canonical URL (`|version` may follow) or logical id: those of the hub and those of a
 * site are PlanDefinitions in the store alike. HubError: there is none, or it is no pack.
 */
export async function findPack(program: string, repository: Repository): Promise<Pack> {
  const found = await lookUp(program, repository);
  if (found) return readPack(found);
  throw new HubError('not-found', {
    text: `There is no active PlanDefinition "${program}": name one by its id or its canonical URL.`,
    expression: 'Parameters.parameter',
  });
}

/** The pack with this logical id; undefined where there is none. */
export async function findPackById(id: string, repository: Repository): Promise<Pack | undefined> {
  const found = isId(id) ? await search({ _id: id }, repository) : undefined;
  return found && readPack(found);
}

async function lookUp(program: string, repository: Repository): Promise<PlanDefinition | undefined> {
  const [url = '', version] = program.split('|');
  // One program is asked for: what a search would take for a list is none.
  if (/[,$\\]/.test(program)) return undefined;
  if (!url.includes(':')) return isId(url) ? search({ _id: url }, repository) : undefined;
  return search({ url, ...(version ? { version } : {}) }, repository);
}

const isId = (text: string): boolean => /^[A-Za-z0-9.-]{1,64}$/.test(text);

async function search(
  query: Record<string, string>,
  repository: Repository,
): Promise<PlanDefinition | undefined> {
  const asked = new URLSearchParams({ ...query, status: 'active', _sort: '-_lastUpdated', _count: '1' });
  const { entries } = await repository.search('PlanDefinition', asked);
  return entries[0]?.stored.resource() as PlanDefinition | undefined;
}
