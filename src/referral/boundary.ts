import type { Extension, Location } from '@medplum/fhirtypes';
import { booleanPointInPolygon } from '@turf/boolean-point-in-polygon';
import { z } from 'zod';

/** On a Location: its outline as GeoJSON (https://hl7.org/fhir/R4/extension-location-boundary-geojson.html). */
export const boundaryUrl = 'http://hl7.org/fhir/StructureDefinition/location-boundary-geojson';

/** Longitude first: who has it the other way round often leaves the earth. */
const position = z
  .array(z.number())
  .min(2)
  .refine(([longitude = 0, latitude = 0]) => Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90);
const ring = z
  .array(position)
  .min(4)
  .refine(points => points[0]?.join() === points.at(-1)?.join(), 'a ring ends where it begins');
const polygon = z.object({ type: z.literal('Polygon'), coordinates: z.array(ring).min(1) });
const several = z.object({
  type: z.literal('MultiPolygon'),
  coordinates: z.array(z.array(ring).min(1)).min(1),
});
const shape = z.union([polygon, several]);
const geojson = z.union([
  shape,
  z.object({ type: z.literal('Feature'), geometry: shape }),
  z.object({
    type: z.literal('FeatureCollection'),
    features: z.array(z.object({ geometry: shape })).min(1),
  }),
]);

/** The polygons that an area is made of. */
export type Boundary = readonly z.output<typeof shape>[];

/** Reads GeoJSON (RFC 7946); undefined where it is none, or draws no area. */
export function readBoundary(text: string): Boundary | undefined {
  const parsed = geojson.safeParse(asJson(text));
  if (!parsed.success) return undefined;
  const { data } = parsed;
  if (data.type === 'FeatureCollection') return data.features.map(({ geometry }) => geometry);
  return [data.type === 'Feature' ? data.geometry : data];
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const boundaryExtension = (text: string): Extension => ({
  url: boundaryUrl,
  valueAttachment: {
    contentType: 'application/geo+json',
    data: btoa(binary(JSON.stringify(JSON.parse(text)))),
  },
});

/** The outline of an area; undefined where it has none. */
export function boundaryOf({ extension = [] }: Pick<Location, 'extension'>): Boundary | undefined {
  const data = extension.find(({ url }) => url === boundaryUrl)?.valueAttachment?.data;
  if (data === undefined || !/^[A-Za-z0-9+/\s]*={0,2}$/.test(data)) return undefined;
  const bytes = Uint8Array.from(atob(data), one => one.charCodeAt(0));
  return readBoundary(new TextDecoder().decode(bytes));
}

/**
 * Whether a home lies in an area that is drawn; undefined when it is not known where the home is. On the line is
 * inside.
 */
export function insideBoundary(
  home: { latitude: number; longitude: number } | undefined,
  boundary: Boundary,
): boolean | undefined {
  if (!home) return undefined;
  const point = [home.longitude, home.latitude];
  return boundary.some(one =>
    booleanPointInPolygon(point, one as Parameters<typeof booleanPointInPolygon>[1]),
  );
}

const binary = (text: string): string =>
  Array.from(new TextEncoder().encode(text), byte => String.fromCharCode(byte)).join('');
