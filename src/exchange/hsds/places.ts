import type { Address, Location } from '@medplum/fhirtypes';
import { boundaryExtension, readBoundary } from '../../referral/boundary.ts';
import { concept, routingSystem } from '../../referral/routing/codes.ts';
import { contactsOf } from './contacts.ts';
import type { HsdsArea, HsdsLocation } from './model.ts';

/** A place where people go. */
export function placeOf(place: NonNullable<HsdsLocation>): Location {
  const { latitude, longitude } = place;
  const address = addressOf(place);
  const telecom = contactsOf({ phones: place.phones });
  return {
    resourceType: 'Location',
    status: 'active',
    mode: 'instance',
    ...(place.name ? { name: place.name } : {}),
    ...(place.description ? { description: place.description } : {}),
    ...(telecom.length ? { telecom } : {}),
    ...(address ? { address } : {}),
    ...(latitude !== undefined && longitude !== undefined && isOnEarth(latitude, longitude)
      ? { position: { latitude, longitude } }
      : {}),
  };
}

const isOnEarth = (latitude: number, longitude: number): boolean =>
  Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;

/** Where it is: the physical address, else the first. */
function addressOf({ addresses }: NonNullable<HsdsLocation>): Address | undefined {
  const found = addresses.find(one => one.address_type === 'physical') ?? addresses[0];
  if (!found) return undefined;
  const line = [found.address_1, found.address_2].filter(one => one !== undefined);
  return {
    use: 'work',
    ...(line.length ? { line } : {}),
    ...(found.city ? { city: found.city } : {}),
    ...(found.region ? { district: found.region } : {}),
    ...(found.state_province ? { state: found.state_province } : {}),
    ...(found.postal_code ? { postalCode: found.postal_code } : {}),
    ...(found.country ? { country: found.country } : {}),
  };
}

export const isOutline = ({ extent_type: kind }: HsdsArea): boolean => kind?.toLowerCase() === 'geojson';

/** An area that is drawn; undefined for one that is only told of: nobody can say what lies in it. */
export function areaOf(area: HsdsArea): Location | undefined {
  if (!isOutline(area) || !area.extent || !readBoundary(area.extent)) return undefined;
  return {
    resourceType: 'Location',
    extension: [boundaryExtension(area.extent)],
    status: 'active',
    mode: 'instance',
    name: area.name ?? area.description ?? 'Service area',
    physicalType: concept(routingSystem.physicalType, 'area', 'Area'),
  };
}
