import type { HealthcareService, Location } from '@medplum/fhirtypes';
import type { Need } from './candidate.ts';
import type { Position } from './place.ts';
import { inChunks, query, type RoutingReader } from './reader.ts';
import type { RoutingRules } from './rules.ts';

/** Services of one kind are compared up to here, each way of finding them by itself. */
const most = 200;
/** Fewer than these are filled up with others, so that it can be said why those are not asked. */
const fewest = 50;
const reachKm = 80;

type Asked = Record<string, string | readonly string[]>;

/**
 * The services that could be asked, from the store's index and never from the whole directory: those whose area the
 * home lies in, those without an area and those that refuse nobody for residence as far as they are in reach, and
 * those wished for by name. Where that is few, others of the kind are added: they will be excluded, and say why.
 */
export async function findServices(
  reader: RoutingReader,
  need: Need,
  rules: RoutingRules,
): Promise<HealthcareService[]> {
  const found = new Map<string, HealthcareService>();
  const search = async (asked: Asked, limit: number): Promise<void> => {
    for (const offers of inChunks(need.services)) {
      const services = await reader.search<HealthcareService>(
        'HealthcareService',
        query({ offers, ...asked }),
        limit,
      );
      for (const service of services) found.set(service.id ?? '', service);
    }
  };
  const near = nearby(need.homes.map(({ position }) => position));
  const areas = await areasOf(reader, need);
  for (const chunk of inChunks(areas)) await search({ 'coverage-area': chunk }, most);
  await search({ 'coverage-area:missing': 'true', ...near }, most);
  if (rules.refusesNobodyForResidence.length > 0)
    await search({ program: rules.refusesNobodyForResidence, ...near }, most);
  if (need.wishes.preferred.length > 0)
    await search({ organization: need.wishes.preferred.map(id => `Organization/${id}`) }, most);
  for (const service of await chosenServices(reader, need)) found.set(service.id ?? '', service);
  if (found.size < fewest) await search(near, fewest);
  if (found.size < fewest && near['location.near']) await search({}, fewest);
  return [...found.values()];
}

/** Whom the sender chose, whatever it offers. */
async function chosenServices(reader: RoutingReader, { chosen }: Need): Promise<HealthcareService[]> {
  const [type, id] = chosen?.split('/') ?? [];
  if (!chosen || !id) return [];
  const asked = type === 'Organization' ? { organization: chosen } : { _id: id };
  return reader.search<HealthcareService>('HealthcareService', query(asked), fewest);
}

/** Within reach of any of the homes; nothing where no position is known. */
function nearby(positions: readonly (Position | undefined)[]): { 'location.near'?: string[] } {
  const known = positions.filter(position => position !== undefined);
  const values = known.map(({ latitude, longitude }) => `${latitude}|${longitude}|${reachKm}|km`);
  return values.length > 0 ? { 'location.near': values } : {};
}

/** References to the areas that may hold a home, by the narrowest thing that each names. */
async function areasOf(reader: RoutingReader, { homes }: Need): Promise<string[]> {
  const names = homes.flatMap(({ postalCode, county, state }) => [postalCode, county, state]);
  const known = [...new Set(names.filter(name => name !== undefined))];
  if (known.length === 0) return [];
  const areas = await reader.search<Location>('Location', query({ area: known }), most);
  return areas.map(({ id }) => `Location/${id}`);
}
