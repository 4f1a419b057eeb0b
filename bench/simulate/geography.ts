import type { Position } from '../../src/referral/routing/place.ts';
import { numbersOf, sharesOf } from './distributions.ts';
import { type Draw, normal, type Stream } from './draw.ts';

const { cellKm, populationExponent, homeSpreadKm } = numbersOf(
  'geography',
  'cellKm',
  'populationExponent',
  'homeSpreadKm',
);
const kmPerDegree = 111.2;
const south = 38;
const west = -98;

export interface County {
  index: number;
  name: string;
  /** Share of the people. */
  people: number;
  rural: boolean;
  column: number;
  row: number;
  seat: Position;
}

/** Counties in a grid, scattered in size; the smallest, together a fifth of the people, are rural. */
export function counties(count: number, draw: Draw): County[] {
  const columns = Math.ceil(Math.sqrt(count * 1.6));
  const cells = Array.from({ length: count }, (_, at) => at).sort(
    (a, b) => draw('county', a) - draw('county', b) || a - b,
  );
  const weights = cells.map((_, rank) => (rank + 1) ** -populationExponent);
  const total = weights.reduce((sum, one) => sum + one, 0);
  const urban = Number(sharesOf('rural').find(([name]) => name === 'urban')?.[1]);
  let before = 0;
  const made = cells.map((cell, rank): County => {
    const people = (weights[rank] ?? 0) / total;
    const [column, row] = [cell % columns, Math.floor(cell / columns)];
    const rural = before >= urban;
    before += people;
    const seat = offset({ latitude: south, longitude: west }, (column + 0.5) * cellKm, (row + 0.5) * cellKm);
    return { index: cell, name: `County ${String(cell).padStart(2, '0')}`, people, rural, column, row, seat };
  });
  return made.sort((a, b) => a.index - b.index);
}

export function offset({ latitude, longitude }: Position, east: number, north: number): Position {
  const up = latitude + north / kmPerDegree;
  return {
    latitude: rounded(up),
    longitude: rounded(longitude + east / (kmPerDegree * Math.cos((south * Math.PI) / 180))),
  };
}

/** To about ten meters, as a geocoder says it. */
const rounded = (degrees: number): number => Math.round(degrees * 1e4) / 1e4;

/** Somewhere in a county: around the seat of an urban one, anywhere in a rural one. */
export function somewhereIn(
  county: County,
  spreadKm: number,
  draw: Draw,
  stream: Stream,
  key: number,
): Position {
  if (county.rural) {
    const across = (axis: number) => (draw(stream, key, axis) - 0.5) * cellKm;
    return offset(county.seat, across(1), across(2));
  }
  const within = (km: number) => Math.max(-cellKm / 2, Math.min(cellKm / 2, km));
  return offset(
    county.seat,
    within(spreadKm * normal(draw, stream, key, 1)),
    within(spreadKm * normal(draw, stream, key, 2)),
  );
}

export const homeIn = (county: County, draw: Draw, key: number): Position =>
  somewhereIn(county, homeSpreadKm, draw, 'home', key);

export const areNeighbors = (a: County, b: County): boolean =>
  a !== b && Math.abs(a.column - b.column) <= 1 && Math.abs(a.row - b.row) <= 1;

/** The index of one of these weights, by a number from 0 to 1. */
export function weighted(weights: readonly number[], at: number): number {
  let left = at * weights.reduce((sum, one) => sum + one, 0);
  for (let index = 0; index < weights.length; index++) {
    left -= weights[index] ?? 0;
    if (left < 0) return index;
  }
  return weights.length - 1;
}
