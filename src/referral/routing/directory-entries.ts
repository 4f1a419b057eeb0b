import type {
  CodeableConcept,
  Extension,
  HealthcareServiceEligibility,
  Location,
  Organization,
  Reference,
} from '@medplum/fhirtypes';
import { canonical } from '../../fhir/canonical.ts';
import { concept, routingSystem } from './codes.ts';

/** Facts of a HealthcareService for which R4 has no element (profiles/ define them; docs/directory.md). */
export const serviceExtension = {
  /** On `eligibility`: the ages it means. */
  ageRange: `${canonical}/StructureDefinition/age-range`,
  /** On HealthcareService: a payer it accepts; repeats. */
  acceptedPayer: `${canonical}/StructureDefinition/accepted-payer`,
  /** On HealthcareService: `status`, `first-opening`, `confirmed`. */
  capacity: `${canonical}/StructureDefinition/service-capacity`,
  /** On HealthcareService: the day its organization last said that the entry is right. */
  verified: `${canonical}/StructureDefinition/directory-verified`,
  /** On a Patient's address or a Location: https://hl7.org/fhir/R4/extension-geolocation.html */
  geolocation: 'http://hl7.org/fhir/StructureDefinition/geolocation',
} as const;

/** https://hl7.org/fhir/us/sdoh-clinicalcare/ValueSet-SDOHCC-ValueSetCapacityStatus.html */
export const capacityStatuses = [
  'capacity',
  'no-capacity',
  'waitlist',
  'additional-assessment-required',
] as const;
export type CapacityStatus = (typeof capacityStatuses)[number];

/** Ages in years, both ends inclusive: `ageRange(6, 17)` is up to the day before the 18th birthday. */
export function ageRange(low?: number, high?: number, code?: CodeableConcept): HealthcareServiceEligibility {
  const years = (value: number) => ({
    value,
    unit: 'years',
    system: 'http://unitsofmeasure.org',
    code: 'a',
  });
  const valueRange = {
    ...(low === undefined ? {} : { low: years(low) }),
    ...(high === undefined ? {} : { high: years(high) }),
  };
  return {
    extension: [{ url: serviceExtension.ageRange, valueRange }],
    ...(code ? { code } : {}),
  };
}

/** A payer accepted: an Organization of the directory, or a kind of coverage as in `Coverage.type`. */
export function acceptedPayer(payer: Reference<Organization> | CodeableConcept): Extension {
  return 'reference' in payer
    ? { url: serviceExtension.acceptedPayer, valueReference: payer as Reference<Organization> }
    : { url: serviceExtension.acceptedPayer, valueCodeableConcept: payer as CodeableConcept };
}

/** `confirmed`: the day (YYYY-MM-DD) the organization last said so; old news is no longer believed. */
export function serviceCapacity(capacity: {
  status: CapacityStatus;
  confirmed: string;
  firstOpening?: string | undefined;
  /** Free places. */
  slots?: number | undefined;
  /** How long people wait. */
  waitDays?: number | undefined;
}): Extension {
  return {
    url: serviceExtension.capacity,
    extension: [
      { url: 'status', valueCoding: { system: routingSystem.gravity, code: capacity.status } },
      { url: 'confirmed', valueDate: capacity.confirmed },
      ...(capacity.firstOpening ? [{ url: 'first-opening', valueDate: capacity.firstOpening }] : []),
      ...(capacity.slots === undefined ? [] : [{ url: 'slots', valueUnsignedInt: capacity.slots }]),
      ...(capacity.waitDays === undefined ? [] : [{ url: 'wait-days', valueUnsignedInt: capacity.waitDays }]),
    ],
  };
}

/** An area that a service covers: a ZIP code, a county, or a whole state. */
export function catchmentArea(area: {
  name: string;
  state: string;
  county?: string;
  postalCode?: string;
}): Location {
  return {
    resourceType: 'Location',
    status: 'active',
    mode: 'instance',
    name: area.name,
    physicalType: concept(routingSystem.physicalType, 'area', 'Area'),
    address: {
      state: area.state,
      ...(area.county ? { district: area.county } : {}),
      ...(area.postalCode ? { postalCode: area.postalCode } : {}),
    },
  };
}

/** A language it works in, e.g. `spoken('es', 'Spanish')`. */
export function spoken(code: string, display: string): CodeableConcept {
  return concept(routingSystem.language, code, display);
}
