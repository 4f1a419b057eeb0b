import type { HealthcareService, Location, Organization, Resource } from '@medplum/fhirtypes';
import { subsetted } from '../../../fhir/search/project.ts';
import { identifiersIn, telecomIn, withoutOwn } from './elements.ts';
import { categoriesOf, eligibilityOf, named, referring } from './service-elements.ts';

/**
 * Profiles of the Human Services Directory guide (https://hl7.org/fhir/us/hsds/STU1/), by type. Its API is for reading
 * alone.
 */
export const guideProfiles = {
  Organization: 'http://hl7.org/fhir/us/hsds/StructureDefinition/hsds-Organization',
  Location: 'http://hl7.org/fhir/us/hsds/StructureDefinition/hsds-Location',
  HealthcareService: 'http://hl7.org/fhir/us/hsds/StructureDefinition/hsds-HealthcareService',
} as const;

export type GuideType = keyof typeof guideProfiles;

export const isGuideType = (type: string | undefined): type is GuideType =>
  type !== undefined && Object.hasOwn(guideProfiles, type);

/** An entry of the directory as a client of the guide reads it (`view=hsds`); any other resource as it is. */
export function asHsds(resource: Resource): Resource {
  switch (resource.resourceType) {
    case 'Organization':
      return organization(resource);
    case 'Location':
      return location(resource);
    case 'HealthcareService':
      return service(resource);
    default:
      return resource;
  }
}

function organization(stored: Organization): Organization {
  const { identifier, telecom, ...shown } = withoutOwn(stored);
  const type = shown.type?.length ? shown.type : [atypical];
  return claiming(
    { ...shown, ...identifiersIn(identifier), ...telecomIn(telecom), active: shown.active ?? true, type },
    shown.active !== false && shown.name !== undefined,
  );
}

/** Who provides no health care, as the guide says it of community organizations. */
const atypical = {
  coding: [
    {
      system: 'http://hl7.org/fhir/us/davinci-pdex-plan-net/CodeSystem/OrgTypeCS',
      code: 'atyprv',
      display: 'Atypical Provider',
    },
  ],
};

function location(stored: Location): Location {
  const { identifier, telecom, address, ...shown } = withoutOwn(stored);
  const { line = [], city, state, postalCode, country } = address ?? {};
  const region = [state, postalCode].filter(one => one !== undefined).join(' ');
  const text = [...line, city, region, country].filter(Boolean).join(', ');
  return claiming(
    {
      ...shown,
      ...identifiersIn(identifier),
      ...telecomIn(telecom),
      ...(address ? { address: { ...address, use: 'work', ...(text ? { text } : {}) } } : {}),
      status: shown.status ?? 'active',
    },
    (shown.status ?? 'active') === 'active' && shown.name !== undefined,
  );
}

function service(stored: HealthcareService): HealthcareService {
  const { identifier, telecom, eligibility: _, ...shown } = withoutOwn(stored);
  return claiming(
    {
      ...shown,
      ...identifiersIn(identifier),
      ...telecomIn(telecom),
      active: shown.active ?? true,
      ...(shown.providedBy ? { providedBy: referring('Organization', shown.providedBy) } : {}),
      category: categoriesOf(shown),
      ...(shown.location ? { location: shown.location.map(one => referring('Location', one)) } : {}),
      ...(shown.coverageArea
        ? { coverageArea: shown.coverageArea.map(one => referring('Location', one)) }
        : {}),
      ...eligibilityOf(stored),
      ...(shown.program ? { program: shown.program.map(named) } : {}),
      ...(shown.characteristic ? { characteristic: shown.characteristic.map(named) } : {}),
      ...(shown.communication ? { communication: shown.communication.map(named) } : {}),
    },
    shown.active !== false && shown.providedBy !== undefined,
  );
}

/** What is closed or has no name cannot hold to the profile, which knows only what is open. */
function claiming<R extends Organization | Location | HealthcareService>(resource: R, holds: boolean): R {
  const { meta } = resource;
  const profile = [...(meta?.profile ?? []), ...(holds ? [guideProfiles[resource.resourceType]] : [])];
  const tag = [...(meta?.tag ?? []), subsetted];
  return { ...resource, meta: { ...meta, ...(profile.length ? { profile } : {}), tag } };
}
