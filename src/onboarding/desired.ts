import type {
  Address,
  CodeableConcept,
  ContactPoint,
  Extension,
  HealthcareService,
  Location,
  Organization,
  Resource,
} from '@medplum/fhirtypes';
import { system } from '../fhir/canonical.ts';
import { timeZoneExtension } from '../network.ts';
import { routingSystem } from '../referral/routing/codes.ts';
import {
  acceptedPayer,
  ageRange,
  catchmentArea,
  serviceCapacity,
  serviceExtension,
} from '../referral/routing/directory-entries.ts';
import type { AddressEntry, NetworkFile, OrganizationEntry, ServiceEntry } from './network-file.ts';
import { organizationKind } from './organization-kinds.ts';

/** A resource as the file wants it: the elements that the file decides, and nothing else. */
export interface Desired {
  resource: Resource & { id: string };
  /** Logical id of the Organization whose own it is. */
  source: string;
  /** Extensions that the file decides, all of them; others stay as they are. */
  extensions: readonly string[];
}

/** Everything in the file that is a resource; clients and people's accounts are made elsewhere. */
export function desiredOf(file: NetworkFile, hub: string): Desired[] {
  const { network } = file;
  return [
    ...(network ? [hubEntry(network, hub)] : []),
    ...file.areas.map(area => {
      const { key, ...facts } = area;
      return { resource: { ...catchmentArea(facts), id: key }, source: hub, extensions: [] };
    }),
    ...file.organizations.flatMap(organizationEntries),
  ];
}

function hubEntry(
  { name, phone, email, timeZone }: NonNullable<NetworkFile['network']>,
  hub: string,
): Desired {
  const resource: Organization & { id: string } = {
    resourceType: 'Organization',
    id: hub,
    ...(name ? { name } : {}),
    ...telecom({ phone, email }),
    ...(timeZone ? { extension: [timeZoneExtension(timeZone)] } : {}),
  };
  return { resource, source: hub, extensions: timeZone ? [timeZoneExtension(timeZone).url] : [] };
}

function organizationEntries(entry: OrganizationEntry): Desired[] {
  const { key, timeZone } = entry;
  const organization: Organization & { id: string } = {
    resourceType: 'Organization',
    id: key,
    active: entry.active,
    name: entry.name,
    type: entry.kinds.map(kind => organizationKind(kind)).filter(kind => kind !== undefined),
    ...(entry.identifiers ? { identifier: entry.identifiers } : {}),
    ...telecom(entry),
    ...(entry.address ? { address: [addressOf(entry.address)] } : {}),
    ...(timeZone ? { extension: [timeZoneExtension(timeZone)] } : {}),
  };
  const extensions = timeZone ? [timeZoneExtension(timeZone).url] : [];
  return [
    { resource: organization, source: key, extensions },
    ...entry.locations.map(location => ({
      resource: locationOf(location, entry),
      source: key,
      extensions: [],
    })),
    ...entry.services.map(service => ({
      resource: serviceOf(service, entry),
      source: key,
      extensions: [
        ...(service.payers ? [serviceExtension.acceptedPayer] : []),
        ...(service.capacity ? [serviceExtension.capacity] : []),
      ],
    })),
  ];
}

/** Keys within an organization are its own: two may both have a `main`. */
const idWithin = ({ key }: OrganizationEntry, own: string): string => `${key}-${own}`.slice(0, 64);

const reference = ({ key, name }: OrganizationEntry) => ({ reference: `Organization/${key}`, display: name });

function locationOf(
  { key, name, phone, address, position }: OrganizationEntry['locations'][number],
  owner: OrganizationEntry,
): Location & { id: string } {
  return {
    resourceType: 'Location',
    id: idWithin(owner, key),
    status: 'active',
    mode: 'instance',
    name,
    ...telecom({ phone }),
    ...(address ? { address: addressOf(address) } : {}),
    ...(position ? { position } : {}),
    managingOrganization: reference(owner),
  };
}

function serviceOf(service: ServiceEntry, owner: OrganizationEntry): HealthcareService & { id: string } {
  const { name, active, comment, locations, areas, ages, payers, capacity, languages } = service;
  const extension: Extension[] = [
    ...(payers ?? []).map(one => acceptedPayer({ reference: `Organization/${one}` })),
    ...(capacity ? [serviceCapacity(capacity)] : []),
  ];
  return {
    resourceType: 'HealthcareService',
    id: idWithin(owner, service.key),
    ...(extension.length ? { extension } : {}),
    active,
    name,
    providedBy: reference(owner),
    type: service.types.map(typeOf),
    ...(comment ? { comment } : {}),
    ...telecom(service),
    ...(locations
      ? { location: locations.map(one => ({ reference: `Location/${idWithin(owner, one)}` })) }
      : {}),
    ...(areas ? { coverageArea: areas.map(one => ({ reference: `Location/${one}` })) } : {}),
    ...(ages ? { eligibility: [ageRange(ages.from, ages.to)] } : {}),
    ...(languages
      ? { communication: languages.map(one => ({ coding: [{ system: routingSystem.language, code: one }] })) }
      : {}),
  };
}

function typeOf(text: string): CodeableConcept {
  const at = text.lastIndexOf('|');
  const [url, code] = at < 0 ? [system.serviceType, text] : [text.slice(0, at), text.slice(at + 1)];
  return { coding: [{ system: url, code }] };
}

function telecom({ phone, email }: { phone?: string | undefined; email?: string | undefined }): {
  telecom?: ContactPoint[];
} {
  const points: ContactPoint[] = [
    ...(phone ? [{ system: 'phone' as const, value: phone, use: 'work' as const }] : []),
    ...(email ? [{ system: 'email' as const, value: email, use: 'work' as const }] : []),
  ];
  return points.length ? { telecom: points } : {};
}

const addressOf = ({ lines, city, county, state, postalCode, country }: AddressEntry): Address => ({
  ...(lines ? { line: lines } : {}),
  ...(city ? { city } : {}),
  ...(county ? { district: county } : {}),
  ...(state ? { state } : {}),
  ...(postalCode ? { postalCode } : {}),
  ...(country ? { country } : {}),
});
