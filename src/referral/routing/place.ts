import type { Address, Extension, Location } from '@medplum/fhirtypes';
import { type Boundary, boundaryOf, insideBoundary } from '../boundary.ts';
import { serviceExtension } from './directory-entries.ts';

export interface Position {
  latitude: number;
  longitude: number;
}

/** A part of the country: what is stated must all be so. */
export interface Area {
  words: string;
  state?: string;
  county?: string;
  postalCode?: string;
  /** As it is drawn on a map. */
  boundary?: Boundary;
}

/** Where the person lives, as far as it is known. */
export interface Home {
  state?: string;
  county?: string;
  postalCode?: string;
  position?: Position;
}

export function areaOf(location: Location): Area {
  const { state, district, postalCode } = location.address ?? {};
  const words = location.name ?? [postalCode, district, state].filter(Boolean).join(', ');
  const boundary = boundaryOf(location);
  return {
    ...(boundary ? { boundary } : {}),
    words,
    state: state ? norm(state) : undefined,
    county: county(district),
    postalCode: zip(postalCode),
  };
}

/** The places an address list names now: old and billing-only ones are not where somebody lives. */
export function homesOf(addresses: readonly Address[] | undefined, now: Date): Home[] {
  const current = (addresses ?? []).filter(
    address => address.use !== 'old' && address.use !== 'billing' && !endedBefore(address.period?.end, now),
  );
  const home = current.filter(address => address.use === 'home');
  return (home.length > 0 ? home : current).map(address => ({
    state: address.state ? norm(address.state) : undefined,
    county: county(address.district),
    postalCode: zip(address.postalCode),
    position: geolocation(address.extension),
  }));
}

function endedBefore(end: string | undefined, now: Date): boolean {
  return end !== undefined && Date.parse(end) < now.getTime();
}

/**
 * Whether a home lies in an area; undefined when it is not known. What is drawn is more exact than what is named,
 * where the home can be found on the map. A ZIP code is unique in the country, so it decides without the rest.
 */
export function within(home: Home, area: Area): boolean | undefined {
  if (area.boundary && (home.position || !isNamed(area))) return insideBoundary(home.position, area.boundary);
  if (area.postalCode && home.postalCode) {
    return home.postalCode === area.postalCode;
  }
  const tests = [
    match(home.state, area.state),
    match(home.county, area.county),
    match(home.postalCode, area.postalCode),
  ];
  if (tests.includes(false)) {
    return false;
  }
  return tests.includes('unknown') ? undefined : true;
}

const isNamed = ({ state, county, postalCode }: Area): boolean =>
  state !== undefined || county !== undefined || postalCode !== undefined;

function match(mine: string | undefined, theirs: string | undefined): boolean | 'unknown' {
  if (theirs === undefined) {
    return true;
  }
  return mine === undefined ? 'unknown' : mine === theirs;
}

function norm(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').trim().toLowerCase();
}

function county(district: string | undefined): string | undefined {
  return district ? norm(district).replace(/\s+(county|parish|borough)$/, '') : undefined;
}

/** ZIP+4 is the ZIP area it lies in. */
function zip(code: string | undefined): string | undefined {
  return code?.trim().slice(0, 5) || undefined;
}

export function positionOf(location: Location): Position | undefined {
  const { latitude, longitude } = location.position ?? {};
  return latitude === undefined || longitude === undefined ? undefined : { latitude, longitude };
}

function geolocation(extensions: readonly Extension[] | undefined): Position | undefined {
  const parts =
    extensions?.find(extension => extension.url === serviceExtension.geolocation)?.extension ?? [];
  const [latitude, longitude] = ['latitude', 'longitude'].map(
    url => parts.find(part => part.url === url)?.valueDecimal,
  );
  return latitude === undefined || longitude === undefined ? undefined : { latitude, longitude };
}

const earthRadiusKm = 6371;

/** Kilometers between two positions, along the surface. */
export function distanceKm(from: Position, to: Position): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const half = (a: number, b: number) => Math.sin(radians(b - a) / 2) ** 2;
  const chord =
    half(from.latitude, to.latitude) +
    Math.cos(radians(from.latitude)) * Math.cos(radians(to.latitude)) * half(from.longitude, to.longitude);
  return 2 * earthRadiusKm * Math.asin(Math.min(1, Math.sqrt(chord)));
}
