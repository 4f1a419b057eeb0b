import type { HealthcareService } from '@medplum/fhirtypes';
import type { Need } from './candidate.ts';
import type { Position } from './place.ts';
import { inChunks, query, type RoutingReader } from './reader.ts';

/** Services of one kind are compared up to here, each way of finding them by itself; what is left out is counted. */
const most = 1_000;
/** Fewer than these are filled up with others, so that it can be said why those are not asked. */
const fewest = 50;
/** So few are hardly a choice: those nearby are looked for, too. */
const few = 5;
const reachKm = 80;

export interface FoundServices {
  services: HealthcareService[];
  /** So many more were not looked at; one that could be found in two ways is counted twice. */
  left: number;
}

type Asked = Record<string, string | readonly string[]>;

/**
 * The services that could be asked, from the store's index and never from the whole directory: those whose area the
 * home lies in, those without an area and those that refuse nobody for residence as far as they are in reach, and
 * those wished for by name. Where that is few, others of the kind are added: they will be excluded, and say why.
 */
export async function findServices(reader: RoutingReader, need: Need): Promise<FoundServices> {
  const found = new Map<string, HealthcareService>();
  let left = 0;
  const search = async (way: 'offers' | 'offers-beyond', asked: Asked, limit: number): Promise<void> => {
    for (const kinds of inChunks(need.services)) {
      const search = query({ [way]: kinds, ...asked });
      const services = await reader.search<HealthcareService>('HealthcareService', search, limit);
      for (const service of services) found.set(service.id ?? '', service);
      if (services.length === most) left += (await reader.count('HealthcareService', search)) - most;
    }
  };
  const near = nearby(need.homes.map(({ position }) => position));
  const areas = areasOf(need);
  if (areas.length > 0) await search('offers', { 'coverage-area.area': areas }, most);
  await search('offers-beyond', near, most);
  // Who comes by telephone or video is nowhere, and in reach of everybody.
  if (near['location.near']) await search('offers-beyond', { 'location:missing': 'true' }, most);
  if (need.wishes.preferred.length > 0)
    await search('offers', { organization: need.wishes.preferred.map(id => `Organization/${id}`) }, most);
  for (const service of await chosenServices(reader, need)) found.set(service.id ?? '', service);
  if (found.size >= fewest) return { services: [...found.values()], left };
  const others = await reader.search<HealthcareService>(
    'HealthcareService',
    query({ offers: need.services.slice(0, fewest) }),
    fewest + 1,
  );
  // A small directory is compared whole; of a big one only what is near tells a planner anything.
  if (others.length <= fewest) for (const service of others) found.set(service.id ?? '', service);
  else if (found.size < few) await search('offers', near, fewest);
  return { services: [...found.values()], left };
}

/** Whom the sender chose, whatever it offers. */
async function chosenServices(reader: RoutingReader, { chosen }: Need): Promise<HealthcareService[]> {
  const [type, id] = chosen?.split('/') ?? [];
  if (!chosen || !id) return [];
  const asked: Asked = type === 'Organization' ? { organization: chosen } : { _id: id };
  return reader.search<HealthcareService>('HealthcareService', query(asked), fewest);
}

/** Within reach of any of the homes; nothing where no position is known. */
function nearby(positions: readonly (Position | undefined)[]): { 'location.near'?: string[] } {
  const known = positions.filter(position => position !== undefined);
  const values = known.map(({ latitude, longitude }) => `${latitude}|${longitude}|${reachKm}|km`);
  return values.length > 0 ? { 'location.near': values } : {};
}

/** What areas that hold a home are called by, the narrowest thing that each names. */
function areasOf({ homes }: Need): string[] {
  const names = homes.flatMap(({ postalCode, county, state }) => [postalCode, county, state]);
  return [...new Set(names.filter(name => name !== undefined))];
}
