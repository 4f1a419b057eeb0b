import type {
  HealthcareService,
  HealthcareServiceEligibility,
  Location,
  Organization,
} from '@medplum/fhirtypes';
import { timeZoneOf } from '../clocks/time-zone.ts';
import { needsOf, type Need as PacketNeed } from '../packet/needs.ts';
import { codesOf, routingSystem, type Token, tokens, words } from './codes.ts';
import { type CapacityStatus, capacityStatuses, serviceExtension } from './directory-entries.ts';
import { type Payer, payerOf } from './payer.ts';
import { type Area, areaOf, type Position, positionOf } from './place.ts';

/** Years, both ends inclusive; an absent end is open. */
export interface AgeRange {
  low?: number;
  high?: number;
}

/** What the directory says of one HealthcareService, as routing reads it. */
export interface ServiceFacts {
  /** Logical id of the HealthcareService. */
  id: string;
  /** Logical id of the Organization that is asked. */
  organization: string;
  /** The time zone that it says it lives in. */
  timeZone?: string;
  /** What people call it. */
  name: string;
  /** In words: why it takes nobody at all now. */
  inactive?: string;
  /** `type`, `specialty` and `category`. */
  offers: Token[];
  /** Empty: no limit is known. */
  areas: Area[];
  positions: Position[];
  /** Empty: no limit is known. */
  ages: AgeRange[];
  /** Kinds of people it is for, with what a person reads. */
  populations: { token: Token; words: string }[];
  payers: Payer[];
  /** https://terminology.hl7.org/CodeSystem-service-provision-conditions.html */
  provision: string[];
  /** BCP-47, lower case; empty: not said. */
  languages: string[];
  programs: Token[];
  characteristics: { token: Token; words: string }[];
  capacity?: CapacityFact;
  /** What it needs with a referral; absent: nothing. */
  asksFor?: readonly PacketNeed[];
  /** YYYY-MM-DD: when the organization last said that the entry is right. */
  verified?: string;
}

export interface CapacityFact {
  status: CapacityStatus;
  /** YYYY-MM-DD; absent: never confirmed, so not believed. */
  confirmed?: string;
  firstOpening?: string;
  /** Free places. */
  slots?: number;
  /** How long people wait, as the organization states it. */
  waitDays?: number;
}

/** The resources a service's facts rest on, looked up by `Type/id`. */
export interface Directory {
  get(reference: string): Organization | Location | undefined;
}

/** Reads a HealthcareService of the directory; undefined when nobody provides it, so that nobody can be asked. */
export function serviceFacts(service: HealthcareService, directory: Directory): ServiceFacts | undefined {
  const organization = directoryEntry<Organization>(service.providedBy?.reference, 'Organization', directory);
  if (!organization?.id || !service.id) {
    return undefined;
  }
  const locations = entries(service.location, directory);
  const eligibility = service.eligibility ?? [];
  const asksFor = needsOf([service]);
  const timeZone = timeZoneOf(organization);
  return {
    id: service.id,
    organization: organization.id,
    ...(timeZone ? { timeZone } : {}),
    name: nameOf(service, organization),
    inactive: inactive(service, organization, locations),
    offers: tokens(
      ...(service.type ?? []),
      ...(service.specialty ?? []),
      ...(service.category ? [service.category].flat() : []),
    ),
    areas: entries(service.coverageArea, directory).map(areaOf),
    positions: locations.map(positionOf).filter(position => position !== undefined),
    ages: eligibility.map(ageRangeOf).filter(range => range !== undefined),
    populations: described(eligibility.map(entry => entry.code)),
    payers: (service.extension ?? [])
      .filter(extension => extension.url === serviceExtension.acceptedPayer)
      .map(payerOf),
    provision: codesOf(routingSystem.provision, service.serviceProvisionCode ?? []),
    languages: codesOf(routingSystem.language, service.communication ?? []).map(code => code.toLowerCase()),
    programs: tokens(...(service.program ?? [])),
    characteristics: described(service.characteristic ?? []),
    capacity: capacityOf(service),
    verified: verifiedOn(service),
    ...(asksFor.length > 0 ? { asksFor } : {}),
  };
}

function directoryEntry<R extends Organization | Location>(
  reference: string | undefined,
  type: R['resourceType'],
  directory: Directory,
): R | undefined {
  const found = reference ? directory.get(reference) : undefined;
  return found?.resourceType === type ? (found as R) : undefined;
}

function entries(
  references: readonly { reference?: string }[] | undefined,
  directory: Directory,
): Location[] {
  return (references ?? [])
    .map(({ reference }) => directoryEntry<Location>(reference, 'Location', directory))
    .filter(location => location !== undefined);
}

function nameOf(service: HealthcareService, organization: Organization): string {
  const [own, theirs] = [service.name, organization.name];
  return own && theirs && own !== theirs
    ? `${theirs}, ${own}`
    : (own ?? theirs ?? `HealthcareService/${service.id}`);
}

function inactive(
  service: HealthcareService,
  organization: Organization,
  locations: Location[],
): string | undefined {
  if (service.active === false) {
    return 'This service is closed';
  }
  if (organization.active === false) {
    return 'This organization is no longer active';
  }
  const open = locations.filter(location => (location.status ?? 'active') === 'active');
  return locations.length > 0 && open.length === 0
    ? 'Every place of this service is closed for now'
    : undefined;
}

function described(concepts: readonly Parameters<typeof words>[0][]): { token: Token; words: string }[] {
  return concepts.flatMap(entry =>
    tokens(entry).map(value => ({ token: value, words: words(entry) ?? value })),
  );
}

/** The day the entry was confirmed; where nobody ever did, the day it was written is when it was last said. */
export function verifiedOn({ extension = [], meta }: HealthcareService): string | undefined {
  const confirmed = extension.find(({ url }) => url === serviceExtension.verified)?.valueDate;
  return confirmed ?? meta?.lastUpdated?.slice(0, 10);
}

const monthsInYear = 12;

/** An eligibility entry's ages; a month (`mo`) is a twelfth of a year, any other unit is read as years. */
function ageRangeOf(eligibility: HealthcareServiceEligibility): AgeRange | undefined {
  const range = eligibility.extension?.find(
    extension => extension.url === serviceExtension.ageRange,
  )?.valueRange;
  if (!range) {
    return undefined;
  }
  const years = (end: typeof range.low) =>
    end?.value === undefined ? undefined : end.value / (end.code === 'mo' ? monthsInYear : 1);
  return { low: years(range.low), high: years(range.high) };
}

/** What the organization says of its room; undefined where it says nothing that is understood. */
export function capacityOf(service: HealthcareService): CapacityFact | undefined {
  const parts =
    service.extension?.find(extension => extension.url === serviceExtension.capacity)?.extension ?? [];
  const part = (url: string) => parts.find(extension => extension.url === url);
  const status = capacityStatuses.find(known => known === part('status')?.valueCoding?.code);
  if (!status) return undefined;
  const [slots, waitDays] = [part('slots')?.valueUnsignedInt, part('wait-days')?.valueUnsignedInt];
  return {
    status,
    confirmed: part('confirmed')?.valueDate,
    firstOpening: part('first-opening')?.valueDate,
    ...(slots === undefined ? {} : { slots }),
    ...(waitDays === undefined ? {} : { waitDays }),
  };
}
