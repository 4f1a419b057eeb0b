import type { Address, ContactPoint, Location, Reference, Resource } from '@medplum/fhirtypes';
import { catchmentArea, serviceExtension } from '../referral/routing/directory-entries.ts';

/** Alder County exists in the demo network alone: its ZIP codes are not in use. */
const state = 'MN';
const district = 'Alder County';

interface Town {
  name: string;
  postalCode: string;
  latitude: number;
  longitude: number;
}

export const towns = {
  northFork: { name: 'North Fork', postalCode: '56811', latitude: 45.71, longitude: -94.62 },
  pineLanding: { name: 'Pine Landing', postalCode: '56812', latitude: 45.78, longitude: -94.5 },
  alderFalls: { name: 'Alder Falls', postalCode: '56801', latitude: 45.6, longitude: -94.58 },
  millRow: { name: 'Alder Falls', postalCode: '56802', latitude: 45.58, longitude: -94.55 },
  southPrairie: { name: 'South Prairie', postalCode: '56821', latitude: 45.47, longitude: -94.6 },
  caneLake: { name: 'Cane Lake', postalCode: '56822', latitude: 45.41, longitude: -94.69 },
  eastGrove: { name: 'East Grove', postalCode: '56831', latitude: 45.59, longitude: -94.33 },
  westbrook: { name: 'Westbrook', postalCode: '56841', latitude: 45.57, longitude: -94.86 },
} as const satisfies Record<string, Town>;

export type TownName = keyof typeof towns;

/** An address in the county; without a street it is the town alone. */
export function addressIn(town: TownName, street?: string): Address {
  const { name, postalCode } = towns[town];
  return { ...(street ? { line: [street] } : {}), city: name, district, state, postalCode, country: 'US' };
}

/** A home, with its position, so that distances can be told. */
export function homeIn(town: TownName, street: string): Address {
  const { latitude, longitude } = towns[town];
  const position = [
    { url: 'latitude', valueDecimal: latitude },
    { url: 'longitude', valueDecimal: longitude },
  ];
  const geolocation = { url: serviceExtension.geolocation, extension: position };
  return { extension: [geolocation], use: 'home', ...addressIn(town, street) };
}

/** A number of the range kept free for fiction: `555-01xx`. */
export function phone(lastTwo: string, use: 'work' | 'mobile' = 'work'): ContactPoint {
  return { system: 'phone', value: `(320) 555-01${lastTwo}`, use };
}

export function email(name: string): ContactPoint {
  return { system: 'email', value: `${name}@example.org`, use: 'work' };
}

export function named<R extends Resource>(reference: string, display: string): Reference<R> {
  return { reference, display };
}

const wholeCounty = 'area-alder-county';

/** The areas that services cover: each ZIP code, and the county as a whole. They are the network's own. */
export function areas(): Location[] {
  const zips = Object.values(towns).map(({ name, postalCode }) => ({
    ...catchmentArea({ name: `${name} (${postalCode})`, state, county: district, postalCode }),
    id: `area-${postalCode}`,
  }));
  return [...zips, { ...catchmentArea({ name: district, state, county: district }), id: wholeCounty }];
}

export function areaReferences(area: 'county' | readonly TownName[]): Reference<Location>[] {
  const ids = area === 'county' ? [wholeCounty] : area.map(town => `area-${towns[town].postalCode}`);
  return ids.map(id => ({ reference: `Location/${id}` }));
}
