import type { Location } from '@medplum/fhirtypes';
import type { Repository } from '../../../fhir/repository.ts';
import { type Home, homesOf, type Position, positionOf } from '../../../referral/routing/place.ts';
import { findPage } from '../../found.ts';
import { isShelter } from './address.ts';

/** Somewhere that services are near to, or serve. */
export interface Place {
  /** What the address of the page says of it. */
  postalCode: string;
  /** What people call it. */
  words: string;
  home: Home;
  /** Absent where the directory knows nobody there whose place is on the map. */
  position?: Position;
}

/**
 * A ZIP code or a town, as far as the directory knows it: by who is there, or who serves it. Undefined where it knows
 * neither.
 */
export async function placeCalled(
  repository: Repository,
  text: string,
  now: Date,
): Promise<Place | undefined> {
  const said = text.trim().slice(0, 80);
  const isZip = /^\d{5}(-\d{4})?$/.test(said);
  const by = isZip ? 'address-postalcode' : 'address-city';
  const value = isZip ? said.slice(0, 5) : said.replace(/[\\,|$]/g, '\\$&');
  if (!value) return undefined;
  const { matches } = await findPage<Location>(repository, 'Location', [
    [by, value],
    ['_count', '50'],
  ]);
  const there = matches.filter(one => one.address?.postalCode && !isShelter(one));
  const found = there.find(positionOf) ?? there[0];
  const { address } = found ?? {};
  if (!found || !address?.postalCode) return undefined;
  const postalCode = address.postalCode.slice(0, 5);
  const [home = { postalCode }] = homesOf([address], now);
  const position = positionOf(found);
  const town = there.find(one => one.address?.city && one.address.postalCode?.startsWith(postalCode))?.address
    ?.city;
  return {
    postalCode,
    words: town ? `${town} (${postalCode})` : postalCode,
    home,
    ...(position ? { position } : {}),
  };
}
