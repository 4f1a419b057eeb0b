import type { Position } from '../../src/referral/routing/place.ts';
import { numbersOf, pick, sharesOf } from './distributions.ts';
import { areNeighbors, type County, homeIn, weighted } from './geography.ts';
import { begin, dayMs, type Network } from './network.ts';

/** One person who is referred, and what is asked for. */
export interface Referral {
  index: number;
  /** When it is sent, epoch milliseconds. */
  at: number;
  hospital: number;
  /** HL7 service type. */
  need: string;
  priority: 'routine' | 'urgent';
  /** YYYY-MM-DD */
  birthDate: string;
  county: County;
  home: Position;
  payer: string;
  /** The preferred one first. */
  languages: string[];
}

/** Counselling for substance use, which 42 CFR Part 2 protects. */
export const isProtected = (need: string): boolean => need === '105';

const { ownCounty } = numbersOf('geography', 'ownCounty');
const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const hourMs = 3_600_000;
const busiestHospital = 0.5;

/** So many referrals at the pace of the network, in the order in which they are sent. */
export function referrals(world: Network, count: number): Referral[] {
  const weeks = Math.max(1, Math.round(((count / world.referralsPerYear) * 365.25) / 7));
  const moments = Array.from({ length: count }, (_, at) => arrival(world, at, weeks)).sort((a, b) => a - b);
  return moments.map((at, index) => referral(world, index, at));
}

function arrival({ draw }: Network, index: number, weeks: number): number {
  const week = Math.floor(draw('arrival', index, 1) * weeks);
  const day = days.indexOf(pick(sharesOf('arrivalDay'), draw('arrival', index, 2)));
  const [from = 0, until = 24] = pick(sharesOf('arrivalHour'), draw('arrival', index, 3))
    .split('-')
    .map(Number);
  const length = until > from ? until - from : until + 24 - from;
  const hour = from + draw('arrival', index, 4) * length;
  return Math.round(begin + (week * 7 + day) * dayMs + hour * hourMs);
}

function referral(world: Network, index: number, at: number): Referral {
  const { draw, hospitals, counties } = world;
  // Some hospitals send far more than others.
  const hospital = weighted(
    hospitals.map((_, rank) => (rank + 1) ** -busiestHospital),
    draw('person', index, 1),
  );
  const own = hospitals[hospital] as County;
  const county =
    draw('person', index, 2) < ownCounty ? own : neighborOf(own, counties, draw('person', index, 3));
  const language = pick(sharesOf('language'), draw('person', index, 4));
  const someEnglish = pick(sharesOf('someEnglish'), draw('person', index, 5)) === 'yes';
  return {
    index,
    at,
    hospital,
    need: pick(sharesOf('need'), draw('need', index)),
    priority: pick(sharesOf('priority'), draw('person', index, 6)) as Referral['priority'],
    birthDate: birthDate(draw('person', index, 7), draw('person', index, 8)),
    county,
    home: homeIn(county, draw, index),
    payer: pick(sharesOf('payer'), draw('person', index, 9)),
    languages: language === 'en' ? ['en'] : someEnglish ? [language, 'en'] : [language],
  };
}

function neighborOf(county: County, all: readonly County[], at: number): County {
  const near = all.filter(other => areNeighbors(county, other));
  return near[
    weighted(
      near.map(({ people }) => people),
      at,
    )
  ] as County;
}

/** Of somebody whose age at the start of the simulation is drawn. */
function birthDate(group: number, within: number): string {
  const [low = 0, high = 0] = pick(sharesOf('age'), group).split('-').map(Number);
  const years = low + Math.floor(within * (high - low + 1));
  const born = new Date(begin);
  born.setUTCFullYear(born.getUTCFullYear() - years);
  born.setUTCDate(born.getUTCDate() - 1 - Math.floor(((within * 1e4) % 1) * 360));
  return born.toISOString().slice(0, 10);
}
