import type { Location, Organization } from '@medplum/fhirtypes';
import { type ServiceFacts, serviceFacts } from '../../src/referral/routing/facts.ts';
import { distanceKm } from '../../src/referral/routing/place.ts';
import {
  areaEntry,
  organizationEntry,
  type Said,
  serviceEntry,
  siteEntry,
  withStatement,
} from './entries.ts';
import type { Network } from './network.ts';
import { isProtected, type Referral } from './referrals.ts';
import type { Service } from './services.ts';
import { saidBefore } from './statements.ts';

/** How far the hub looks for those without an area (find-services.ts). */
const reachKm = 80;
/** A kind with so few services is compared whole. */
const compared = 50;
/** How many a person names in a consent; the hub reads 30 at most. */
const named = 25;

/** The directory as the hub reads it: what each service has said last, found by kind and by area. */
export class Catalogue {
  readonly #entries: ReturnType<typeof serviceEntry>[];
  readonly #facts: ServiceFacts[];
  readonly #directory: ReadonlyMap<string, Organization | Location>;
  readonly #inCounty = new Map<string, Service[]>();
  readonly #beyond = new Map<string, Service[]>();
  readonly #ofKind = new Map<string, number>();

  constructor(network: Network) {
    const { places, services, counties } = network;
    const named = [
      ...places.flatMap(one => [organizationEntry(one), siteEntry(one)]),
      ...counties.map(areaEntry),
    ];
    this.#directory = new Map(named.map(one => [`${one.resourceType}/${one.id}`, one]));
    this.#entries = services.map(service => serviceEntry(service, saidBefore(service, network)));
    this.#facts = this.#entries.map(entry => this.#factsOf(entry));
    for (const service of services) {
      this.#ofKind.set(service.type, (this.#ofKind.get(service.type) ?? 0) + 1);
      const { areas } = service.place.listed;
      if (!areas) added(this.#beyond, service.type, service);
      for (const area of areas ?? []) added(this.#inCounty, `${service.type} ${area}`, service);
    }
  }

  state({ index }: Service, said: Said): void {
    const entry = this.#entries[index];
    if (!entry) throw new Error(`no service ${index}`);
    const stated = { ...withStatement(entry, said), id: entry.id };
    this.#entries[index] = stated;
    this.#facts[index] = this.#factsOf(stated);
  }

  /**
   * Those whose area holds the home, and those without an area in reach: what the hub finds in its index. Of what is
   * protected only those that the person's consent names: the nearest ones.
   */
  candidates({ need, county, home }: Referral): ServiceFacts[] {
    const whole = (this.#ofKind.get(need) ?? 0) <= compared;
    const near = (this.#beyond.get(need) ?? []).filter(
      ({ place }) => whole || distanceKm(place.position, home) <= reachKm,
    );
    const found = [...(this.#inCounty.get(`${need} ${county.index}`) ?? []), ...near];
    const shown = isProtected(need) ? nearestTo(home, found).slice(0, named) : found;
    return shown.map(({ index }) => this.#facts[index] as ServiceFacts);
  }

  #factsOf(entry: ReturnType<typeof serviceEntry>): ServiceFacts {
    const facts = serviceFacts(entry, this.#directory);
    if (!facts) throw new Error(`nobody provides ${entry.id}`);
    return facts;
  }
}

function nearestTo(home: Referral['home'], services: readonly Service[]): Service[] {
  const km = ({ place }: Service) => distanceKm(place.position, home);
  return services.toSorted((a, b) => km(a) - km(b) || a.index - b.index);
}

export function added<K, T>(lists: Map<K, T[]>, key: K, value: T): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
