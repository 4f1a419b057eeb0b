import type { Resource } from '@medplum/fhirtypes';
import type { Filter, Nearby } from '../../store/search/types.ts';

/** The mean radius of the Earth in kilometers. */
const radius = 6371.0088;

/**
 * How far a Location is from the places that a search is near to, the nearest of them, in kilometers to the meter.
 * Undefined where the search is not about distance, or the resource has no position.
 */
export function distanceOf(filters: readonly Filter[], resource: Resource): number | undefined {
  const places = filters.flatMap(filter => (filter.kind === 'near' ? filter.any : []));
  if (places.length === 0 || resource.resourceType !== 'Location') return undefined;
  const { latitude, longitude } = resource.position ?? {};
  if (latitude === undefined || longitude === undefined) return undefined;
  return Math.min(...places.map(place => kilometers(place, latitude, longitude)));
}

/** https://en.wikipedia.org/wiki/Haversine_formula */
function kilometers({ lat, lon }: Nearby, latitude: number, longitude: number): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const half = (from: number, to: number) => Math.sin(radians(to - from) / 2) ** 2;
  const h = half(lat, latitude) + Math.cos(radians(lat)) * Math.cos(radians(latitude)) * half(lon, longitude);
  return Math.round(2 * radius * Math.asin(Math.min(1, Math.sqrt(h))) * 1000) / 1000;
}
