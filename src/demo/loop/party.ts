import { setTimeout as wait } from 'node:timers/promises';
import type { Bundle, OperationOutcome, Resource, Task } from '@medplum/fhirtypes';
import { Client } from 'fhir-kit-client';

/** One organization's system: a plain FHIR client with a token of its own. It knows nothing of the hub's inside. */
export interface Party {
  /** What people call the organization. */
  name: string;
  /** `Organization/…` */
  organization: string;
  create<R extends Resource>(resource: R): Promise<R & { id: string }>;
  read<R extends Resource>(reference: string): Promise<R>;
  search<R extends Resource>(type: R['resourceType'], query: Record<string, string>): Promise<R[]>;
  /** Reads, changes, and writes back what it read: `PUT` with `If-Match`. */
  change<R extends Resource>(reference: string, change: (current: R) => Partial<R>): Promise<R>;
  /** A transaction; the resources as they were made, in order. */
  transact(resources: readonly { fullUrl: string; resource: Resource }[]): Promise<Resource[]>;
}

export interface SignIn {
  url: string;
  token: string;
  /** Logical id of the Organization. */
  organization: string;
  name: string;
}

export function createParty({ url, token, organization, name }: SignIn): Party {
  const headers = { Authorization: `Bearer ${token}`, Prefer: 'return=representation' };
  const client = new Client({ baseUrl: `${url}/fhir`, customHeaders: headers });
  const party: Party = {
    name,
    organization: `Organization/${organization}`,
    create: <R extends Resource>(resource: R) =>
      answer<R & { id: string }>(
        client.create({ resourceType: resource.resourceType, body: resource as never }),
      ),
    read: <R extends Resource>(reference: string) => answer<R>(client.read(keyOf(reference))),
    async search<R extends Resource>(type: R['resourceType'], query: Record<string, string>) {
      const bundle = await answer<Bundle<R>>(client.search({ resourceType: type, searchParams: query }));
      return (bundle.entry ?? []).flatMap(({ resource, search }) =>
        resource && search?.mode === 'match' ? [resource] : [],
      );
    },
    async change<R extends Resource>(reference: string, change: (current: R) => Partial<R>) {
      const current = await party.read<R>(reference);
      const options = { headers: { 'If-Match': `W/"${current.meta?.versionId}"` } };
      const body = { ...current, ...change(current) };
      return answer<R>(client.update({ ...keyOf(reference), body: body as never, options }));
    },
    async transact(resources) {
      const entry = resources.map(({ fullUrl, resource }) => ({
        fullUrl,
        resource,
        request: { method: 'POST', url: resource.resourceType },
      }));
      const body = { resourceType: 'Bundle', type: 'transaction', entry };
      const made = await answer<Bundle>(client.transaction({ body: body as never }));
      return Promise.all(
        (made.entry ?? []).map(
          ({ resource, response }) => resource ?? party.read(located(response?.location)),
        ),
      );
    },
  };
  return party;
}

/** `Type/id` of a Location header or element, whatever stands before and after it. */
function located(location = ''): string {
  const [, reference] = /([A-Z][A-Za-z]+\/[A-Za-z0-9\-.]+)(?:\/_history\/|$)/.exec(location) ?? [];
  if (!reference) throw new Error(`the hub does not say where it put a resource: "${location}"`);
  return reference;
}

function keyOf(reference: string): { resourceType: string; id: string } {
  const [resourceType = '', id = ''] = reference.split('/');
  return { resourceType, id };
}

/** What the hub answered; a refusal in its own words. */
async function answer<T>(call: Promise<unknown>): Promise<T> {
  try {
    return (await call) as T;
  } catch (error) {
    throw refusal(error) ?? error;
  }
}

function refusal(error: unknown): Error | undefined {
  const response = (error as { response?: { status?: number; data?: OperationOutcome } } | undefined)
    ?.response;
  const issues = response?.data?.issue?.map(issue => issue.details?.text ?? issue.diagnostics ?? issue.code);
  return issues?.length ? new Error(`the hub answered ${response?.status}: ${issues.join('; ')}`) : undefined;
}

const pollMs = 60;
const patienceMs = 15_000;

/** Polls until there is something, as a system does that is told nothing; gives up after a while. */
export async function poll<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > until) throw new Error(`waited ${patienceMs / 1000} s in vain: ${what}`);
    await wait(pollMs);
  }
}

/** The step of BSeR or of the hub that a Task stands at. */
export const stepOf = (task: Task): string | undefined => task.businessStatus?.coding?.[0]?.code;
