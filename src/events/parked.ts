import type { Task } from '@medplum/fhirtypes';
import type { Actor } from '../access/actor.ts';
import type { AuditEntity } from '../audit/entry.ts';
import type { Clock } from '../clock.ts';
import { HubError } from '../errors.ts';
import type { Repository } from '../fhir/repository.ts';
import type { Outbox } from '../store/outbox-types.ts';
import { parkedOn, parkedTasks } from './by-hand.ts';
import type { Channel } from './delivery/channel.ts';
import { type ParkedDelivery, parkedDeliveries, retryDelivery } from './delivery/parked-deliveries.ts';
import type { Events } from './events.ts';
import type { ForOperator } from './operator.ts';
import { isDeliverTask } from './park.ts';

/** Something the hub has given up until a person looks: without health information. */
export interface ParkedItem {
  /** What it is retried by: `delivery/12`, or `Task/…` of a bot's run. */
  id: string;
  kind: 'subscription' | 'mail' | 'bot';
  /** What it is, in words. */
  about: string;
  /** What went wrong the last time, in words. */
  error: string;
  /** When it happened, or should have been sent: an ISO instant. */
  since: string;
  /** How often it has failed; of a bot's run it is in the words. */
  failures?: number;
  /** Deliveries that wait for it. */
  waiting: number;
}

/** `sending`: it is due now, and sent as soon as the hub runs. `done`: it has worked. */
export type Retried = { outcome: 'sending' } | { outcome: 'done' } | { outcome: 'failed'; error: string };

/** What is parked: for the operators of the hub (`run-bots`), each call in the audit. */
export interface Parked {
  /** The oldest first. HubError `forbidden` for who may not. */
  list(actor: Actor): Promise<ParkedItem[]>;
  /** HubError `forbidden`, or `not-found` when nothing of this id is parked (any more). */
  retry(actor: Actor, id: string): Promise<Retried>;
}

export interface ParkedDeps {
  outbox: Outbox;
  channels: readonly Channel[];
  events: Events;
  clock: Clock;
  forOperator: ForOperator;
  /** As the hub. */
  hub: Repository;
  hubOrganization: string;
  /** Lets a channel be served. */
  soon(channel: string): void;
}

interface Found {
  item: ParkedItem;
  entity?: AuditEntity;
  retry(now: Date): Promise<Retried>;
}

export function createParked(deps: ParkedDeps): Parked {
  const { forOperator } = deps;

  async function all(): Promise<Found[]> {
    const deliveries = await parkedDeliveries(deps.outbox, deps.channels);
    const tasks = (await parkedTasks(deps.hub)).filter(task => !isDeliverTask(task));
    const found = [
      ...deliveries.map(one => foundDelivery(one, deps)),
      ...tasks.map(task => foundRun(task, deps)),
    ];
    return found.toSorted((a, b) => a.item.since.localeCompare(b.item.since));
  }

  return {
    list: actor =>
      forOperator(actor, 'list-parked', async () => ({ result: (await all()).map(({ item }) => item) })),
    retry: (actor, id) =>
      forOperator(actor, 'retry-parked', async () => {
        const one = (await all()).find(({ item }) => item.id === id);
        if (!one) throw new HubError('not-found', `Nothing that is parked is called ${id} (any more).`);
        const result = await one.retry(deps.clock.now());
        return { result, entities: one.entity ? [one.entity] : [] };
      }),
  };
}

function foundDelivery(one: ParkedDelivery, deps: ParkedDeps): Found {
  const { about, delivery } = one;
  return {
    item: {
      id: `delivery/${delivery.seq}`,
      kind: about.kind,
      about: about.text,
      error: delivery.error,
      since: new Date(delivery.at).toISOString(),
      failures: delivery.attempts,
      waiting: delivery.waiting,
    },
    ...(about.resource ? { entity: about.resource } : {}),
    async retry(now) {
      await retryDelivery(one, deps.channels, now.getTime());
      deps.soon(delivery.channel);
      return { outcome: 'sending' };
    },
  };
}

function foundRun(task: Task, { events, hubOrganization }: ParkedDeps): Found {
  const { bot, about } = parkedOn(task);
  const id = task.id ?? '';
  return {
    item: {
      id: `Task/${id}`,
      kind: 'bot',
      about: about ? `${bot}: ${about}` : `${bot}: a scheduled run`,
      error: task.description ?? '',
      since: task.authoredOn ?? '',
      waiting: 0,
    },
    entity: { type: 'Task', id, owner: hubOrganization },
    async retry(now) {
      const { failed } = await events.retry(now, { task: id });
      const [failure] = failed;
      return failure ? { outcome: 'failed', error: failure.error } : { outcome: 'done' };
    },
  };
}
