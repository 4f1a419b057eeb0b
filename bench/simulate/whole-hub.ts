import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chaseOffers } from '../../bots/chase-offers.ts';
import { routeReferrals } from '../../bots/route-referrals.ts';
import type { Actor } from '../../src/access/actor.ts';
import { readConfig } from '../../src/config.ts';
import { createEvents, type Events } from '../../src/events/events.ts';
import type { Operation } from '../../src/fhir/operations/operation.ts';
import { createHub, type Hub } from '../../src/hub.ts';
import { Loader } from '../region.ts';
import { areaEntry, hospitalEntry, organizationEntry, serviceEntry, siteEntry } from './entries.ts';
import type { Network } from './network.ts';
import { saidBefore } from './statements.ts';

/** A whole hub on SQLite in a temporary folder, with a clock that is set and the two bots that route. */
export interface WholeHub {
  hub: Hub;
  events: Events;
  /** Bots that failed and were told so. */
  faults: object[];
  set(moment: number): void;
  as(organization: string): ReturnType<Hub['repository']>;
  /** An operation of the API on an instance, as an organization. */
  call(
    organization: string,
    operation: Operation,
    at: { type: string; id: string },
    inputs?: Inputs,
  ): Promise<void>;
  close(): Promise<void>;
}

/** By name; a value as in Parameters.parameter. */
export type Inputs = Record<
  string,
  {
    valueCode?: string;
    valueString?: string;
    valueBoolean?: boolean;
    valueDateTime?: string;
  }
>;

export async function wholeHub(from: number): Promise<WholeHub> {
  const data = await mkdtemp(join(tmpdir(), 'hub-simulate-'));
  let moment = from;
  const clock = { now: () => new Date(moment) };
  const hub = await createHub({
    config: readConfig({
      HUB_DATA: data,
      HUB_ENV: 'test',
      HUB_LOG: 'silent',
      HUB_CACHE: join(import.meta.dirname, '../../node_modules/.cache/warm-handoff'),
    }),
    clock,
    baseUrl: 'http://127.0.0.1',
  });
  const faults: object[] = [];
  const { hubOrganization } = hub.parts;
  const events = createEvents({
    store: hub.store,
    clock,
    bots: [routeReferrals, chaseOffers],
    repositoryFor: (bot, organization = hubOrganization) =>
      hub.repository({ ...hub.hubActor, kind: 'bot', id: bot.name, organization }),
    hubOrganization,
    log: { info: () => undefined, warn: fault => faults.push(fault), error: fault => faults.push(fault) },
  });
  const as = (organization: string) => hub.repository(actorOf(organization));
  return {
    hub,
    events,
    faults,
    set(at) {
      moment = at;
    },
    as,
    async call(organization, operation, { type, id }, inputs = {}) {
      const parameter = Object.entries(inputs).map(([name, value]) => ({ name, ...value }));
      const simple = Object.entries(inputs).map(([name, value]) => [name, String(Object.values(value)[0])]);
      await operation.run({
        parts: hub.parts,
        repository: as(organization),
        type,
        id,
        query: new URLSearchParams(simple),
        body: { resourceType: 'Parameters', parameter },
      });
    },
    async close() {
      await events.stop();
      await hub.close();
      await rm(data, { recursive: true, force: true });
    },
  };
}

const actorOf = (organization: string): Actor => ({
  kind: 'client',
  id: organization,
  organization,
  scopes: [{ type: '*', create: true, read: true, update: true, delete: true, search: true }],
});

/** Loads the directory as history, each entry in the name of who it describes. */
export async function loadDirectory({ hub }: WholeHub, network: Network): Promise<void> {
  const loader = new Loader(hub);
  const hospitals = network.hospitals.map((_, at) => hospitalEntry(at));
  for (const one of hospitals) await loader.add(one, one.id);
  for (const county of network.counties) await loader.add(areaEntry(county), hub.parts.hubOrganization);
  for (const place of network.places)
    for (const entry of [organizationEntry(place), siteEntry(place)]) await loader.add(entry, place.id);
  for (const service of network.services)
    await loader.add(serviceEntry(service, saidBefore(service, network)), service.place.id);
  await loader.flush();
  await hub.store.analyze();
}
