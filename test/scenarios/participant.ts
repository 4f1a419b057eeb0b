import type { Resource, ServiceRequest, Task } from '@medplum/fhirtypes';
import { Client } from 'fhir-kit-client';
import { isTerminal } from '../../src/referral/lifecycle/state.ts';
import { byOperations } from './by-operations.ts';
import { byPlainWrites } from './by-plain-writes.ts';

type Stored<R> = R & { id: string };

/** What an organization does with a referral about the person of the story. Whoever is asked acts on what it is asked. */
export interface Deeds {
  accepts(): Promise<unknown>;
  /** With a code of decline-reason. */
  declines(reason: string, text: string): Promise<unknown>;
  /** Says no, and who could do it better. */
  redirects(to: Participant, text: string): Promise<unknown>;
  /** A visit of an hour. */
  schedules(start: string): Promise<unknown>;
  reports(visit: 'missed' | 'kept'): Promise<unknown>;
  waitlists(text: string): Promise<unknown>;
  resumes(): Promise<unknown>;
  /** Gives up after three attempts. */
  cannotReach(text: string): Promise<unknown>;
  /** Reports what came of it, by a Procedure of its own. */
  completes(what: string): Promise<unknown>;
  asksBack(question: string): Promise<unknown>;
  /** As the one who asked for help. */
  answers(text: string): Promise<unknown>;
  asksToCancel(text: string): Promise<unknown>;
  cancelsAtOnce(text: string): Promise<unknown>;
  confirmsCancellation(): Promise<unknown>;
}

/** One organization's own FHIR client. */
export interface Ability {
  name: string;
  /** `Organization/…` */
  organization: string;
  client: Client;
  person(): { id: string };
  makes<R extends Resource>(resource: R): Promise<Stored<R>>;
  /** Undefined where there is nothing that it may see. */
  reads<R extends Resource>(reference: string): Promise<R | undefined>;
  /** All that a search gives, as one page. */
  finds<R extends Resource>(type: R['resourceType'], by: Record<string, string>): Promise<R[]>;
  /** A plain client's change: read, change, PUT with If-Match. */
  puts<R extends Task | ServiceRequest>(resource: R, to: Partial<R>): Promise<Stored<R>>;
  /** The Task by which it is asked, the one by which it asks: what is open, or else the newest. */
  asked(): Promise<Stored<Task>>;
  asking(): Promise<Stored<Task>>;
}

export type Participant = Ability & Deeds;

/** How a participant says what it does: a plain FHIR client just writes, others call the operations of the hub. */
export type Manner = 'by operations' | 'by plain writes';

export interface Introduced {
  name: string;
  organization: string;
  token: string;
  url: string;
  manner: Manner;
  /** Asked for at each step: a story begins before it has one. */
  person(): { id: string };
}

export function participant({ manner, ...introduced }: Introduced): Participant {
  const able = ability(introduced);
  return { ...able, ...(manner === 'by operations' ? byOperations(able) : byPlainWrites(able)) };
}

function ability({ name, organization, token, url, person }: Omit<Introduced, 'manner'>): Ability {
  const client = new Client({ baseUrl: `${url}/fhir`, bearerToken: token });
  const able: Ability = {
    name,
    organization,
    client,
    person,
    async makes<R extends Resource>(resource: R) {
      const { resourceType } = resource;
      return (await client.create({ resourceType, body: resource as never })) as unknown as Stored<R>;
    },
    async reads<R extends Resource>(reference: string) {
      const [resourceType = '', id = ''] = reference.split('/');
      try {
        return (await client.read({ resourceType, id })) as unknown as R;
      } catch (error) {
        if ((error as { response?: { status: number } }).response?.status === 404) return undefined;
        throw error;
      }
    },
    async finds<R extends Resource>(resourceType: R['resourceType'], by: Record<string, string>) {
      const bundle = (await client.search({
        resourceType,
        searchParams: { _count: '100', ...by },
      })) as unknown as {
        entry?: { resource: R; search?: { mode: string } }[];
      };
      return (bundle.entry ?? []).filter(one => one.search?.mode === 'match').map(one => one.resource);
    },
    async puts<R extends Task | ServiceRequest>(resource: R, to: Partial<R>) {
      const { resourceType, id = '' } = resource;
      const latest = (await able.reads<R>(`${resourceType}/${id}`)) ?? resource;
      const options = { headers: { 'If-Match': `W/"${latest.meta?.versionId}"` } };
      const body = { ...latest, ...to } as never;
      return (await client.update({ resourceType, id, body, options })) as unknown as Stored<R>;
    },
    asked: () => newest('owner'),
    asking: () => newest('requester'),
  };
  return able;

  async function newest(as: 'owner' | 'requester'): Promise<Stored<Task>> {
    const by = { [as]: organization, code: 'fulfill', _sort: '-_lastUpdated' };
    const tasks = await able.finds<Stored<Task>>('Task', by);
    const found = tasks.find(one => !isTerminal(one)) ?? tasks[0];
    if (!found) throw new Error(`${name} is the ${as} of no referral`);
    return found;
  }
}
