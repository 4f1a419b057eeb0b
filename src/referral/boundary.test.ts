import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundaryExtension, boundaryOf, insideBoundary, readBoundary } from './boundary.ts';

const ring = (low: number, high: number) => [
  [low, low],
  [high, low],
  [high, high],
  [low, high],
  [low, low],
];
const polygon = { type: 'Polygon', coordinates: [ring(0, 10), ring(4, 6)] };
const two = { type: 'MultiPolygon', coordinates: [[ring(0, 1)], [ring(5, 6)]] };
const at = (longitude: number, latitude: number) => ({ latitude, longitude });

describe('the outline of an area', () => {
  it.each([
    ['a polygon', polygon],
    ['several polygons', two],
    ['a feature', { type: 'Feature', properties: {}, geometry: polygon }],
    ['features', { type: 'FeatureCollection', features: [{ type: 'Feature', geometry: two }] }],
  ])('is %s', (_, shape) => {
    expect(readBoundary(JSON.stringify(shape))).toBeDefined();
    expect(boundaryOf({ extension: [boundaryExtension(JSON.stringify(shape))] })).toEqual(
      readBoundary(JSON.stringify(shape)),
    );
  });

  it.each([
    ['text', 'Travis County'],
    ['a point', '{"type":"Point","coordinates":[1,2]}'],
    [
      'a ring that does not close',
      JSON.stringify({ type: 'Polygon', coordinates: [ring(0, 1).slice(0, 4)] }),
    ],
    [
      'latitude before longitude',
      JSON.stringify({ type: 'Polygon', coordinates: [ring(-98, -97).map(([a]) => [30, a])] }),
    ],
    ['nothing', ''],
  ])('is not %s', (_, text) => {
    expect(readBoundary(text)).toBeUndefined();
  });

  it.each([
    ['inside', polygon, at(1, 1), true],
    ['outside', polygon, at(11, 1), false],
    ['in a hole', polygon, at(5, 5), false],
    ['on the line', polygon, at(0, 5), true],
    ['in the second of two', two, at(5.5, 5.5), true],
    ['between two', two, at(3, 3), false],
    ['nobody knows where', polygon, undefined, undefined],
  ])('a home is %s', (_, shape, home, expected) => {
    expect(insideBoundary(home, readBoundary(JSON.stringify(shape)) ?? [])).toBe(expected);
  });

  it('of a box holds what lies between its sides', () => {
    const box = readBoundary(JSON.stringify({ type: 'Polygon', coordinates: [ring(0, 1)] })) ?? [];
    const number = fc.double({ min: -2, max: 3, noNaN: true });
    const between = (value: number) => value >= 0 && value <= 1;
    fc.assert(
      fc.property(number, number, (x, y) => insideBoundary(at(x, y), box) === (between(x) && between(y))),
    );
  });
});
