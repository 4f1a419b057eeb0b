import type { Nearby } from '../../../store/search/types.ts';

/** Meters of what a distance may be given in; kilometers when nothing is said. */
const meters: Readonly<Record<string, number>> = {
  '': 1000,
  km: 1000,
  m: 1,
  mi: 1609.344,
  '[mi_i]': 1609.344,
  '[mi_us]': 1609.3472186944373,
  '[ft_i]': 0.3048,
  '[nmi_i]': 1852,
};

/** Without a distance: how far a person goes for care. */
const usualDistance = 50_000;

const number = /^[+-]?\d{1,6}(?:\.\d{1,15})?$/;

/**
 * `latitude|longitude|distance|units` (https://hl7.org/fhir/R4/location.html#positional). Undefined when it is
 * no place on Earth.
 */
export function nearValue(text: string): Nearby | undefined {
  const [lat = '', lon = '', distance = '', units = '', ...more] = text.split('|');
  if (more.length > 0 || ![lat, lon].every(one => number.test(one))) return undefined;
  if (Math.abs(Number(lat)) > 90 || Math.abs(Number(lon)) > 180) return undefined;
  const unit = Object.hasOwn(meters, units) ? meters[units] : undefined;
  if (unit === undefined || (distance !== '' && !number.test(distance)) || Number(distance) < 0)
    return undefined;
  const within = distance === '' ? usualDistance : Number(distance) * unit;
  return { lat: Number(lat), lon: Number(lon), within };
}
