import type { HealthcareService, Location, Organization, Resource } from '@medplum/fhirtypes';
import { system } from '../../../fhir/canonical.ts';
import type { Repository } from '../../../fhir/repository.ts';
import { type Token, words } from '../../../referral/routing/codes.ts';
import { type Directory, type ServiceFacts, serviceFacts } from '../../../referral/routing/facts.ts';
import { areaOf, distanceKm, positionOf, within } from '../../../referral/routing/place.ts';
import { hasSunk } from '../../../referral/routing/verifying.ts';
import { type FoundPage, findPage } from '../../found.ts';
import { isShelter } from './address.ts';
import type { Place } from './place.ts';

/** What is looked for. */
export interface Wanted {
  /** A code of HL7's service types. */
  service?: string | undefined;
  place?: Place | undefined;
  /** In what services, or their organizations, are called or say of themselves. */
  text?: string | undefined;
}

/** One service as a list shows it. */
export interface ListedService {
  service: HealthcareService;
  facts: ServiceFacts;
  organization: string;
  town?: string;
  /** In kilometers; absent where one of the two places is not known. */
  distance?: number;
  /** Whether it takes people from the place that is looked at; absent: not known, or none is. */
  serves?: boolean;
  /** Nobody has confirmed the entry for long. */
  sunk: boolean;
}

export interface FoundServices {
  /** The nearest first; entries that nobody confirmed for long come last. */
  services: ListedService[];
  /** There are more than one search gives. */
  partial: boolean;
}

const including = [
  ['_include', 'HealthcareService:organization'],
  ['_include', 'HealthcareService:location'],
  ['_include', 'HealthcareService:coverage-area'],
] as const;

type Query = readonly (readonly [name: string, value: string])[];

/** A page of this many needs one search: nobody reads more, and every network of a region has fewer. */
const most = 300;

const search = (repository: Repository, query: Query): Promise<FoundPage<HealthcareService>> =>
  findPage(repository, 'HealthcareService', [
    ['active:not', 'false'],
    ...query,
    ...including,
    ['_count', String(most)],
  ]);

export async function findServices(
  repository: Repository,
  { service, place, text }: Wanted,
  now: Date,
): Promise<FoundServices> {
  const ofType: Query = service ? [['service-type', `${system.serviceType}|${service}`]] : [];
  const pages = await Promise.all(
    text
      ? textQueries(text).map(query => search(repository, [...ofType, ...query]))
      : [search(repository, ofType)],
  );
  const all = pages.flatMap(page => page.matches.map(one => listed(one, page, { place, now })));
  const once = new Map(all.flatMap(one => (one ? [[one.facts.id, one]] : [])));
  return {
    services: [...once.values()].sort(inOrder),
    partial: pages.some(({ next }) => next !== undefined),
  };
}

/** A comma, a bar and a dollar sign mean something in a search (https://hl7.org/fhir/R4/search.html#escaping). */
const escaped = (text: string): string => text.replace(/[\\,|$]/g, '\\$&');

const textQueries = (text: string): Query[] => [
  [['_content', escaped(text)]],
  [['organization.name:contains', escaped(text)]],
];

/** A service with what belongs to it. */
export type ServiceEntry = ListedService & Pick<FoundPage<HealthcareService>, 'get'>;

/** What one organization offers. */
export async function servicesOf(
  repository: Repository,
  organization: string,
  now: Date,
): Promise<ListedService[]> {
  const page = await search(repository, [['organization', `Organization/${organization}`]]);
  return page.matches.flatMap(one => listed(one, page, { now }) ?? []);
}

/** One service by its id, as a list shows it, with what belongs to it. */
export async function readService(
  repository: Repository,
  id: string,
  now: Date,
): Promise<ServiceEntry | undefined> {
  const page = await findPage<HealthcareService>(repository, 'HealthcareService', [
    ['_id', id],
    ...including,
  ]);
  const [service] = page.matches;
  const one = service && listed(service, page, { now });
  return one && { ...one, get: page.get };
}

function listed(
  service: HealthcareService,
  { get }: Pick<FoundPage<HealthcareService>, 'get'>,
  { place, now }: { place?: Place | undefined; now: Date },
): ListedService | undefined {
  const directory: Directory = {
    get: reference => get<Resource>({ reference }) as Organization | Location | undefined,
  };
  const facts = serviceFacts(service, directory);
  if (!facts) return undefined;
  const sites = (service.location ?? [])
    .map(one => get<Location>(one))
    .filter(one => one !== undefined && !isShelter(one));
  const areas = (service.coverageArea ?? []).flatMap(one => get<Location>(one) ?? []);
  const distances = place?.position ? sites.flatMap(site => distanceTo(site, place.position) ?? []) : [];
  const serves = place && areas.length > 0 ? servesAny(place, areas) : undefined;
  const town = sites[0]?.address?.city;
  return {
    service,
    facts,
    organization: get<Organization>(service.providedBy)?.name ?? facts.organization,
    sunk: hasSunk(service, now),
    ...(town ? { town } : {}),
    ...(distances.length > 0 ? { distance: Math.min(...distances) } : {}),
    ...(serves === undefined ? {} : { serves }),
  };
}

function distanceTo(site: Location | undefined, from: Place['position']): number | undefined {
  const to = site && positionOf(site);
  return to && from ? distanceKm(from, to) : undefined;
}

function servesAny({ home }: Place, areas: readonly Location[]): boolean | undefined {
  const answers = areas.map(area => within(home, areaOf(area)));
  if (answers.includes(true)) return true;
  return answers.includes(undefined) ? undefined : false;
}

function inOrder(a: ListedService, b: ListedService): number {
  return (
    Number(a.serves === false) - Number(b.serves === false) ||
    Number(a.sunk) - Number(b.sunk) ||
    (a.distance ?? Number.POSITIVE_INFINITY) - (b.distance ?? Number.POSITIVE_INFINITY) ||
    a.facts.name.localeCompare(b.facts.name)
  );
}

/** A kind of service that somebody in the network offers. */
export interface Offered {
  code: string;
  words: string;
}

const ofServiceTypes = (token: Token): boolean => token.startsWith(`${system.serviceType}|`);

/** What the network offers, by name: what one can look for. */
export async function offeredKinds(repository: Repository): Promise<Offered[]> {
  const { matches } = await findPage<HealthcareService>(repository, 'HealthcareService', [
    ['active:not', 'false'],
    ['_elements', 'type'],
    ['_count', '1000'],
  ]);
  const kinds = new Map<string, string>();
  for (const concept of matches.flatMap(({ type = [] }) => type))
    for (const { system: from, code } of concept.coding ?? [])
      if (code && ofServiceTypes(`${from}|${code}`)) kinds.set(code, words(concept) ?? code);
  return [...kinds].map(([code, words]) => ({ code, words })).sort((a, b) => a.words.localeCompare(b.words));
}
