import type { Organization } from '@medplum/fhirtypes';

/** https://hl7.org/fhir/R4/extension-timezone.html */
export const timezone = 'http://hl7.org/fhir/StructureDefinition/timezone';

/** The IANA zone that an organization says it lives in; undefined where it says none, or one that is none. */
export function timeZoneOf(organization: Organization): string | undefined {
  const zone = organization.extension?.find(({ url }) => url === timezone)?.valueCode;
  return zone !== undefined && isZone(zone) ? zone : undefined;
}

export function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined;
  } catch {
    // A name that is no zone: the times of the network hold.
    return false;
  }
}
