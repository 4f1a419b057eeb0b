import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Actor } from '../access/actor.ts';
import type { Clients } from '../auth/clients.ts';
import type { Config } from '../config.ts';
import { HubError } from '../errors.ts';
import type { EventsLog } from '../events/deps.ts';
import type { Parts } from '../fhir/parts.ts';
import { internal } from '../fhir/write/world.ts';
import { hubOrganization } from '../hub-organization.ts';
import { registerClients } from './clients.ts';
import type { Step } from './journey.ts';
import { organizations } from './organizations.ts';
import { people } from './people.ts';
import { cursorAt, lastPlace, placeIn, placeName } from './place.ts';
import { createPlayer } from './player.ts';
import { demoSteps } from './steps.ts';

/** The parts of a hub that the seed writes through. */
export interface DemoHub {
  readonly parts: Parts;
  readonly authorization: { readonly clients: Clients };
  readonly hubActor: Actor;
  readonly log: EventsLog;
}

export interface Summary {
  /** `present`: it was there already. `occupied`: the database holds something else. */
  outcome: 'seeded' | 'present' | 'occupied' | 'production';
  organizations: number;
  people: number;
}

/**
 * Fills an empty database with the demo network, as if it had been in use for weeks; never in production.
 *
 * Each step is one commit that also moves the seed's place (a cursor), and only from where the step before left it:
 * every step happens once, however many processes start at the same time, and a seed that was cut short goes on
 * where it stopped at the next start. A lease keeps the others waiting meanwhile, for the seed's bots must not be
 * disturbed. Bots of this hub are started afterwards.
 */
export async function seedDemo(hub: DemoHub, { env }: Pick<Config, 'env'>): Promise<Summary> {
  if (env === 'production') return summary('production');
  const steps = demoSteps();
  const holder = randomUUID();
  for (let wrote = false; ; ) {
    const empty = await isEmpty(hub);
    // Read after the look at the data: what the seed has written never shows without its place.
    const place = await placeIn(hub.parts.store);
    if (place === lastPlace) return summary(wrote ? 'seeded' : 'present');
    if (place === 0 && !empty) return summary('occupied');
    if (await held(hub, holder)) wrote = (await play(hub, steps, { place, holder })) || wrote;
    else await wait(retryMs);
  }
}

const summary = (outcome: Summary['outcome']): Summary => ({
  outcome,
  organizations: organizations().length,
  people: people.length,
});

const retryMs = 100;
/** How long the others wait for a process that died. */
const leaseMs = 5_000;

const held = ({ parts: { store, clock } }: DemoHub, holder: string): Promise<boolean> =>
  store.leases.acquire(placeName, holder, clock.now().getTime(), leaseMs);

/** Asks for the lease again when a good part of it is over. */
function keeping(hub: DemoHub, holder: string): () => Promise<boolean> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < leaseMs / 4) return true;
    since = performance.now();
    return held(hub, holder);
  };
}

/** Nothing has ever been written but the hub's own Organization. */
async function isEmpty({ parts }: DemoHub): Promise<boolean> {
  const versions = await parts.store.history({ count: 10 }, internal(parts));
  return versions.every(({ type, id }) => type === 'Organization' && id === hubOrganization);
}

/** Plays the steps from a place on; false when another process has taken over. */
async function play(
  hub: DemoHub,
  steps: readonly Step[],
  from: { place: number; holder: string },
): Promise<boolean> {
  await registerClients(hub.authorization.clients);
  const player = createPlayer(hub);
  const keeps = keeping(hub, from.holder);
  try {
    const last = steps[from.place - 1];
    if (last) await player.catchUp(last);
    for (let place = from.place; place < steps.length; place++) {
      if (!(await keeps())) return false;
      const next = place + 1 === steps.length ? lastPlace : place + 1;
      const cursor = { name: placeName, from: cursorAt(place), to: { xid: '0', seq: next } };
      await player.play(steps[place] as Step, cursor);
    }
    return true;
  } catch (error) {
    if (
      error instanceof HubError &&
      error.kind === 'conflict' &&
      (await placeIn(hub.parts.store)) > from.place
    )
      return false;
    throw error;
  } finally {
    await player.stop();
    await hub.parts.store.leases.release(placeName, from.holder);
  }
}
