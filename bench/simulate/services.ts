import { distanceKm } from '../../src/referral/routing/place.ts';
import { hoursPerWeek } from './business-time.ts';
import { numbersOf, pick, sharesOf } from './distributions.ts';
import { around, type Draw, normal, probabilityAround } from './draw.ts';
import type { County } from './geography.ts';
import type { Place } from './places.ts';

/** One thing that a place offers, with what is true of it. */
export interface Service {
  index: number;
  /** Logical id of its HealthcareService. */
  id: string;
  place: Place;
  /** HL7 service type. */
  type: string;
  /** Probability that it declines one whom it has room for. */
  declines: number;
  /** Business hours between two first visits that it has room for. */
  interval: number;
  /** Days; it takes nobody while its wait is longer. */
  longestWait: number;
  /** Wait at the start, in days. */
  backlogDays: number;
}

const centerTypes = ['136', '141', '135', '105'] as const;
const offered = numbersOf('centerServices', ...centerTypes);
const types = sharesOf('need').map(([type]) => type);
const declines = numbersOf('declines', ...types, 'logitSpread');
const backlog = numbersOf('backlogDays', ...types);
const longest = numbersOf('longestWait', ...types, 'spread');
const capacity = numbersOf('capacity', 'utilization', 'betweenPlaces', 'rural', 'leastPerWeek');
const resourceTypes = sharesOf('resourceService').map(([type]) => type);
const resourceRoom = numbersOf('resourceRoom', ...resourceTypes);
const weeksPerYear = 365.25 / 7;

/** The services of all places, with room for all that is asked for, at the utilization that is written down. */
export function services(places: readonly Place[], perYear: number, draw: Draw): Service[] {
  const made = places
    .flatMap(place => typesOf(place, draw).map(type => ({ place, type })))
    .map(({ place, type }, index): Service => {
      const standard = (stream: 'declines' | 'patience') => normal(draw, stream, index);
      return {
        index,
        id: `${place.id}-${type}`,
        place,
        type,
        declines: probabilityAround(declines[type] ?? 0.5, declines.logitSpread ?? 0, standard('declines')),
        interval: Number.POSITIVE_INFINITY,
        longestWait: around(longest[type] ?? 0, longest.spread ?? 0, standard('patience')),
        backlogDays: -Math.log(1 - draw('backlog', index)) * (backlog[type] ?? 0),
      };
    });
  for (const [type, share] of sharesOf('need')) {
    const open = made.filter(one => one.type === type && !one.place.truth.closed);
    const perWeek = (perYear * share) / weeksPerYear / capacity.utilization;
    if (open.some(({ place }) => place.kind === 'center')) shareOut(open, perWeek, draw);
    else for (const one of open) one.interval = hoursPerWeek / (resourceRoom[type] ?? 0) / uneven(one, draw);
  }
  return made;
}

/** Gives each service its part of the room: by the people of its county, among those who are there, unevenly. */
function shareOut(open: readonly Service[], perWeek: number, draw: Draw): void {
  const inCounty = Map.groupBy(open, one => one.place.county.index);
  const weights = open.map(one => {
    const { county } = one.place;
    const people = county.people * (county.rural ? capacity.rural : 1);
    return (people / (inCounty.get(county.index)?.length ?? 1)) * uneven(one, draw);
  });
  const total = weights.reduce((sum, one) => sum + one, 0);
  open.forEach((one, at) => {
    one.interval = hoursPerWeek / Math.max(capacity.leastPerWeek, (perWeek * (weights[at] ?? 0)) / total);
  });
}

const uneven = ({ index }: Service, draw: Draw): number =>
  around(1, capacity.betweenPlaces, normal(draw, 'room', index));

function typesOf({ kind, index }: Place, draw: Draw): string[] {
  if (kind === 'resource') return [pick(sharesOf('resourceService'), draw('kind', index))];
  const found = centerTypes.filter((type, at) => draw('kind', index, at) < offered[type]);
  return found.length > 0 ? found : ['136'];
}

/**
 * Where no center that exists takes everybody's ages for a service in a county, the nearest one that does gets the
 * county into its catchment: each county has one.
 */
export function coverCounties(all: readonly Service[], counties: readonly County[]): void {
  for (const type of centerTypes) {
    const able = all.filter(
      one => one.type === type && !one.place.truth.closed && one.place.listed.ages === 'all',
    );
    for (const county of counties) {
      const covered = able.some(({ place }) => place.listed.areas?.includes(county.index) ?? false);
      const far = (one: Service) => distanceKm(one.place.position, county.seat);
      const [nearest] = covered
        ? []
        : able.filter(one => one.place.listed.areas).sort((a, b) => far(a) - far(b));
      nearest?.place.listed.areas?.push(county.index);
    }
  }
}
