import type {
  HealthcareService,
  Organization,
  Patient,
  Resource,
  ServiceRequest,
  Task,
} from '@medplum/fhirtypes';
import { allows } from '../../../access/actor.ts';
import { system } from '../../../fhir/canonical.ts';
import type { Repository } from '../../../fhir/repository.ts';

/** What was found for a text: of each kind the first ones, and whether there are more. */
export interface Findings {
  people: Found<Patient>;
  referrals: Found<{ task: Task; request?: ServiceRequest }>;
  services: Found<HealthcareService>;
  organizations: Found<Organization>;
}

export interface Found<T> {
  some: T[];
  more: boolean;
}

const shown = 10;
const longest = 100;

/** Looks for a text in what somebody who looks would know: a name, a date of birth, an identifier. */
export async function find(repository: Repository, text: string): Promise<Findings> {
  const words = text.slice(0, longest).split(/\s+/).filter(Boolean);
  const [people, referrals, services, organizations] = await Promise.all([
    some<Patient>(repository, 'Patient', personQueries(words)),
    referralsBy(repository, words),
    some<HealthcareService>(repository, 'HealthcareService', [named(words)]),
    some<Organization>(repository, 'Organization', [named(words)]),
  ]);
  return { people, referrals, services, organizations };
}

type Query = [name: string, value: string][];

const named = (words: readonly string[]): Query => words.map(word => ['name', escaped(word)]);

/** By an identifier when it is one word; else, and then too, by name, with a date of birth among the words. */
export function personQueries(words: readonly string[]): Query[] {
  const isDate = (word: string) => /^\d{4}-\d{2}-\d{2}$/.test(word);
  const byName: Query = words.map(word => (isDate(word) ? ['birthdate', word] : ['name', escaped(word)]));
  return words.length === 1 && !words.some(isDate)
    ? [byName, [['identifier', escaped(words[0] ?? '')]]]
    : [byName];
}

/** A comma, a bar and a dollar sign mean something in a search (https://hl7.org/fhir/R4/search.html#escaping). */
const escaped = (word: string): string => word.replace(/[\\,|$]/g, '\\$&');

async function referralsBy(repository: Repository, words: readonly string[]): Promise<Findings['referrals']> {
  const [word] = words;
  if (word === undefined || words.length > 1 || !allows(repository.actor, 'search', 'Task'))
    return { some: [], more: false };
  const query: Query = [
    ['code', `${system.taskCode}|fulfill`],
    ['focus:ServiceRequest.identifier', escaped(word)],
    ['_include', 'Task:focus'],
  ];
  const page = await repository.search('Task', withCount(query));
  const all = page.entries.map(({ mode, stored }) => ({ mode, resource: stored.resource() }));
  const requests = new Map(all.map(({ resource }) => [`${resource.resourceType}/${resource.id}`, resource]));
  const tasks = all.filter(({ mode }) => mode === 'match').map(({ resource }) => resource as Task);
  return {
    some: tasks.map(task => {
      const request = requests.get(task.focus?.reference ?? '') as ServiceRequest | undefined;
      return { task, ...(request ? { request } : {}) };
    }),
    more: page.next !== undefined,
  };
}

const withCount = (query: Query) => new URLSearchParams([...query, ['_count', String(shown)]]);

/** What one of the queries finds, each resource once. */
async function some<R extends Resource>(
  repository: Repository,
  type: R['resourceType'],
  queries: readonly Query[],
): Promise<Found<R>> {
  const asked = queries.filter(query => query.length > 0);
  if (!allows(repository.actor, 'search', type) || asked.length === 0) return { some: [], more: false };
  const pages = await Promise.all(asked.map(query => repository.search(type, withCount(query))));
  const all = new Map(
    pages.flatMap(({ entries }) => entries.map(({ stored }) => [stored.id, stored.resource() as R])),
  );
  return {
    some: [...all.values()].slice(0, shown),
    more: all.size > shown || pages.some(({ next }) => next !== undefined),
  };
}
