import { type RawBuilder, sql } from '../sql.ts';
import { allOf, type Condition } from './boolean.ts';
import type { Nearby } from './types.ts';

type Column = RawBuilder<unknown>;

/** The mean radius of the Earth in meters: a sphere is good to half a percent. */
const radius = 6_371_008.8;

/**
 * Whether a position lies within a distance, by the haversine formula
 * (https://en.wikipedia.org/wiki/Haversine_formula). First what an index of latitudes can serve.
 */
export function isNear(lat: Column, lon: Column, { lat: here, lon: there, within }: Nearby): Condition {
  const angle = Math.min(within / radius, Math.PI);
  const band = (angle * 180) / Math.PI;
  const [south, north] = [here - band, here + band];
  const dLat = sql`sin(radians(${lat} - ${here}) / 2)`;
  const dLon = sql`sin(radians(${lon} - ${there}) / 2)`;
  const cosine = Math.cos((here * Math.PI) / 180);
  const most = Math.sin(angle / 2) ** 2;
  return allOf([
    sql<boolean>`${lat} >= ${south} AND ${lat} <= ${north}`,
    sql<boolean>`(${dLat} * ${dLat} + ${cosine} * cos(radians(${lat})) * ${dLon} * ${dLon}) <= ${most}`,
  ]);
}
