import { dueRules } from '../../src/referral/lifecycle/due.ts';
import { type BusinessTime, businessTime } from './business-time.ts';
import { numbersOf } from './distributions.ts';
import { type Draw, draws } from './draw.ts';
import { type County, counties, weighted } from './geography.ts';
import { type Place, place } from './places.ts';
import { coverCounties, type Service, services } from './services.ts';

/** The first moment of a simulated year. */
export const begin = Date.parse('2026-03-02T06:00:00Z');
export const dayMs = 86_400_000;
/** A year of referrals, and long enough for the last of them. */
const calendarDays = 900;

const sizes = numbersOf('network', 'hospitals', 'centers', 'resources', 'counties', 'referralsPerYear');
const fewestCounties = 6;

/** A part of the country, drawn from a seed; `scale` 1 is the whole, 0.1 a tenth of everything. */
export interface Network {
  seed: number;
  scale: number;
  draw: Draw;
  time: BusinessTime;
  counties: readonly County[];
  /** The county of each hospital. */
  hospitals: readonly County[];
  places: readonly Place[];
  services: readonly Service[];
  referralsPerYear: number;
}

export function network(seed: number, scale = 1): Network {
  const draw = draws(seed);
  const scaled = (count: number) => Math.max(1, Math.round(count * scale));
  const all = counties(Math.max(fewestCounties, scaled(sizes.counties)), draw);
  const people = all.map(county => county.people);
  const centers = scaled(sizes.centers);
  const places = Array.from({ length: centers + scaled(sizes.resources) }, (_, index) =>
    place(index, index < centers ? 'center' : 'resource', all, draw),
  );
  const referralsPerYear = scaled(sizes.referralsPerYear);
  const offered = services(places, referralsPerYear, draw);
  coverCounties(offered, all);
  return {
    seed,
    scale,
    draw,
    time: businessTime(new Date(begin), calendarDays, dueRules),
    counties: all,
    hospitals: Array.from(
      { length: scaled(sizes.hospitals) },
      (_, at) => all[weighted(people, draw('hospital', at))] as County,
    ),
    places,
    services: offered,
    referralsPerYear,
  };
}
