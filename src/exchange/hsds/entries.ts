import { createHash } from 'node:crypto';
import type { HealthcareService, Location, Organization, Resource } from '@medplum/fhirtypes';
import { canonical } from '../../fhir/canonical.ts';
import { contactsOf } from './contacts.ts';
import type { HsdsOrganization, HsdsService } from './model.ts';
import { areaOf, isOutline, placeOf } from './places.ts';
import { serviceOf } from './service.ts';
import { isHidden } from './understand.ts';

export type DirectoryEntry = (Organization | Location | HealthcareService) & { id: string };

/** What a data set becomes: entries by what the source calls them (`service:1`), in the order in which they refer. */
export interface Entries {
  entries: ReadonlyMap<string, DirectoryEntry>;
  /** Keys of services whose place is not published. */
  hidden: readonly string[];
  /** Keys of the places that are not. */
  hiddenPlaces: ReadonlySet<string>;
  /** What was left out of entries, with its place. */
  remarks: { key: string; why: string }[];
}

/** Identifier system of what a source calls its own. */
export const sourceSystem = (source: string): string =>
  `${canonical}/NamingSystem/directory-source-${source}`;

/** The same id for the same thing of the same source, whenever and wherever it is imported. */
export const entryId = (source: string, key: string): string =>
  createHash('sha256').update(`${source} ${key}`).digest('hex').slice(0, 32);

/** Maps a data set to the directory. What is hidden takes its places out of it, also where others are there too. */
export function entriesOf(services: readonly HsdsService[], source: string): Entries {
  const secret = services.filter(one => isHidden(one));
  const secretPlaces = new Set(secret.flatMap(placesOf).map(({ id }) => id));
  const secretWords = secret.flatMap(placesOf).flatMap(addressWords);
  const entries = new Map<string, DirectoryEntry>();
  const add = (key: string, resource: Organization | Location | HealthcareService): string => {
    const id = entryId(source, key);
    const identifier = [{ system: sourceSystem(source), value: key }];
    if (!entries.has(key)) entries.set(key, withoutWords({ ...resource, id, identifier }, secretWords));
    return `${resource.resourceType}/${id}`;
  };
  for (const { organization } of services)
    add(`organization:${organization.id}`, organizationOf(organization));
  for (const service of services) {
    const open = placesOf(service).filter(({ id }) => !secretPlaces.has(id));
    const places = open.map(place => add(`location:${place.id}`, placeOf(place)));
    const areas = service.service_areas.flatMap(area => {
      const resource = areaOf(area);
      return resource ? [add(`service_area:${area.id}`, resource)] : [];
    });
    const provider = add(`organization:${service.organization.id}`, organizationOf(service.organization));
    add(`service:${service.id}`, serviceOf(service, { provider, places, areas }));
  }
  return {
    entries,
    hidden: secret.map(({ id }) => `service:${id}`),
    hiddenPlaces: new Set([...secretPlaces].map(id => `location:${id}`)),
    remarks: services.flatMap(outlinesUnread),
  };
}

/** An outline that cannot be read is a mistake of the source: until it is mended the area is told in words. */
const outlinesUnread = ({ id, service_areas: areas }: HsdsService) =>
  areas.flatMap((area, index) =>
    isOutline(area) && !areaOf(area)
      ? [
          {
            key: `service:${id}`,
            why: `service_areas.${index}.extent is no GeoJSON that draws an area: it is told in words`,
          },
        ]
      : [],
  );

const placesOf = ({ service_at_locations: links }: HsdsService) =>
  links.flatMap(({ location }) => location ?? []);

function organizationOf(organization: HsdsOrganization): Organization {
  const telecom = contactsOf(organization);
  return {
    resourceType: 'Organization',
    active: true,
    name: organization.name,
    ...(organization.alternate_name ? { alias: [organization.alternate_name] } : {}),
    ...(telecom.length ? { telecom } : {}),
  };
}

const addressWords = ({ addresses }: ReturnType<typeof placesOf>[number]): string[] =>
  addresses.flatMap(({ address_1: street }) => (street && street.length > 4 ? [street.toLowerCase()] : []));

/** Texts of people that say a hidden address are left out whole, whosever entry they are in. */
function withoutWords<R extends Resource>(resource: R, words: readonly string[]): R {
  if (!words.length) return resource;
  const kept = Object.entries(resource).filter(
    ([, value]) => !words.some(word => JSON.stringify(value).toLowerCase().includes(word)),
  );
  return Object.fromEntries(kept) as unknown as R;
}
