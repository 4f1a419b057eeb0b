import type { Location } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { boundaryExtension } from '../boundary.ts';
import { areaOf, type Home, within } from './place.ts';

const square = JSON.stringify({
  type: 'Polygon',
  coordinates: [
    [
      [-93, 44],
      [-92, 44],
      [-92, 45],
      [-93, 45],
      [-93, 44],
    ],
  ],
});
const inside: Home = { position: { latitude: 44.5, longitude: -92.5 } };
const outside: Home = { position: { latitude: 46, longitude: -92.5 } };

const area = (address: Location['address'], drawn = true) =>
  areaOf({
    resourceType: 'Location',
    name: 'Riverside',
    ...(address ? { address } : {}),
    ...(drawn ? { extension: [boundaryExtension(square)] } : {}),
  });

describe('whether a home lies in an area', () => {
  it.each([
    ['drawn, the home inside', inside, area(undefined), true],
    ['drawn, the home outside', outside, area(undefined), false],
    ['drawn, the home not on the map', { county: 'river' }, area(undefined), undefined],
    ['drawn and named, the home on the map', { ...outside, state: 'mn' }, area({ state: 'MN' }), false],
    ['drawn and named, the home not on the map', { state: 'mn' }, area({ state: 'MN' }), true],
    ['named', { state: 'mn', county: 'river' }, area({ state: 'MN', district: 'River County' }, false), true],
    ['named otherwise', { state: 'wi' }, area({ state: 'MN' }, false), false],
  ])('%s', (_what, home, place, expected) => {
    expect(within(home as Home, place)).toBe(expected);
  });
});
