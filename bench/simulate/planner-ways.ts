import { distanceKm } from '../../src/referral/routing/place.ts';
import { added } from './catalogue.ts';
import type { Ask, Sent, Way } from './deeds.ts';
import { numbersOf } from './distributions.ts';
import type { County } from './geography.ts';
import type { Network } from './network.ts';
import type { Referral } from './referrals.ts';
import type { Service } from './services.ts';
import { pays, takesAge } from './truth.ts';

const known = numbersOf('known', 'places', 'closenessKm');

/** First on the list: the county's services in the order of the list, then the nearest county's. */
export function listWay(network: Network): Way {
  const printed = printedList(network);
  return { name: 'list', telephone: true, next: sent => one(untried(sent, printed(sent.referral))) };
}

/** Phone the three you know, in an order of chance; after them, the list. */
export function knownWay(network: Network): Way {
  const printed = printedList(network);
  const familiar = familiarTo(network);
  return {
    name: 'known',
    telephone: true,
    next(sent) {
      const { referral } = sent;
      const order = ({ index }: Service) => network.draw('known', referral.index, index);
      const three = familiar(referral).toSorted((a, b) => order(a) - order(b));
      return one(untried(sent, three) ?? untried(sent, printed(referral)));
    },
  };
}

const one = (service: Service | undefined): Ask[] => (service ? [{ service }] : []);

/** The first who has not been tried and who, as listed, takes the person's age and payer. */
function untried({ referral, tried }: Sent, services: readonly Service[]): Service | undefined {
  return services.find(
    ({ place: { index, listed } }) =>
      !tried.has(index) && takesAge(listed.ages, referral) && pays(listed.fee, listed.payers, referral),
  );
}

/** The directory as it is printed for a county: its own services of a kind, then those of the others, nearest first. */
function printedList({ services, counties }: Network): (referral: Referral) => readonly Service[] {
  const ofType = new Map<string, Service[]>();
  for (const one of services) added(ofType, one.type, one);
  const lists = new Map<string, readonly Service[]>();
  return ({ need, county }) => {
    const key = `${need} ${county.index}`;
    const list = lists.get(key) ?? listFor(county, ofType.get(need) ?? [], counties);
    lists.set(key, list);
    return list;
  };
}

function listFor(county: County, services: readonly Service[], counties: readonly County[]): Service[] {
  const far = counties.map(({ seat }) => distanceKm(seat, county.seat));
  // Who serves the county is on its own list, wherever it is.
  const page = ({ place }: Service) =>
    place.listed.areas?.includes(county.index) ? 0 : (far[place.county.index] ?? 0);
  return services.toSorted((a, b) => page(a) - page(b) || a.place.order - b.place.order);
}

/** The places of a kind that a hospital's planner knows: drawn once, the near and the famous more likely. */
function familiarTo({ services, hospitals, draw }: Network): (referral: Referral) => readonly Service[] {
  const circles = new Map<string, readonly Service[]>();
  const circle = (hospital: number, need: string): readonly Service[] => {
    const seat = hospitals[hospital]?.seat ?? { latitude: 0, longitude: 0 };
    const drawn = services
      .filter(one => one.type === need && !one.place.truth.closed)
      .map(service => {
        const km = distanceKm(seat, service.place.position);
        const weight = service.place.fame * Math.exp(-km / known.closenessKm);
        return { service, rank: -Math.log(1 - draw('fame', hospital, service.index)) / weight };
      });
    return drawn
      .sort((a, b) => a.rank - b.rank)
      .slice(0, known.places)
      .map(({ service }) => service);
  };
  return ({ hospital, need }) => {
    const key = `${hospital} ${need}`;
    const found = circles.get(key) ?? circle(hospital, need);
    circles.set(key, found);
    return found;
  };
}
