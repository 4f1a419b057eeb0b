import type { Actor } from '../access/actor.ts';
import { createEvents } from '../events/events.ts';
import { leaseMs } from '../events/lease.ts';
import { bots } from '../events/registry.ts';
import { createRepository } from '../fhir/create-repository.ts';
import type { Parts } from '../fhir/parts.ts';
import { createReader } from '../fhir/reader.ts';
import type { WriteOptions } from '../fhir/repository.ts';
import type { Step } from './journey.ts';
import { instant } from './moments.ts';
import type { DemoHub } from './seed.ts';

/** Plays steps at their moments: the hub's rules and bots work as ever, under a clock that is set back. */
export function createPlayer(hub: DemoHub) {
  const now = hub.parts.clock.now();
  let moment = now;
  const parts: Parts = { ...hub.parts, clock: { now: () => moment } };
  const as = (actor: Actor) => createRepository(parts, actor);
  const events = createEvents({
    store: parts.store,
    clock: parts.clock,
    bots,
    repositoryFor: ({ name }, organization = parts.hubOrganization) =>
      as({ ...hub.hubActor, kind: 'bot', id: name, organization }),
    hubOrganization: parts.hubOrganization,
    log: hub.log,
  });

  return {
    /** Lets the bots finish what a seed that was cut short after this step had begun, once its leases are over. */
    async catchUp(step: Step): Promise<void> {
      moment = new Date(instant(step.when, now).getTime() + botDelayMs + leaseMs);
      await events.drain();
    },

    /** One step, and what the bots make of it some seconds later. */
    async play(step: Step, cursor: WriteOptions['cursor']): Promise<void> {
      moment = instant(step.when, now);
      const repository = as(step.as === parts.hubOrganization ? hub.hubActor : actorOf(step.as));
      const operations = await step.write(createReader(repository, moment, parts.hubOrganization));
      await repository.write(operations, { purpose: 'demo', ...(cursor ? { cursor } : {}) });
      moment = new Date(moment.getTime() + botDelayMs);
      await events.drain();
    },

    stop: () => events.stop(),
  };
}

const botDelayMs = 5_000;

const everything = { type: '*', create: true, read: true, update: true, delete: true, search: true } as const;

/** An organization's own system; it chooses ids, so that the demo's resources are found under names. */
const actorOf = (organization: string): Actor => ({
  kind: 'client',
  id: organization,
  organization,
  scopes: [everything],
  loads: true,
});
