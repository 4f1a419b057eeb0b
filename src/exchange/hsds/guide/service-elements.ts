import type {
  CodeableConcept,
  HealthcareService,
  HealthcareServiceEligibility,
  Quantity,
  Reference,
} from '@medplum/fhirtypes';
import { system } from '../../../fhir/canonical.ts';
import { serviceExtension } from '../../../referral/routing/directory-entries.ts';
import { hsdsRules } from '../understand.ts';
import { withoutOwn } from './elements.ts';

/** A reference that says what it refers to, as the guide asks. */
export const referring = <R extends Reference>(type: 'Organization' | 'Location', reference: R): R => ({
  ...reference,
  type,
});

/** A concept in words too: sources of human services have words more often than codes. */
export function named(concept: CodeableConcept): CodeableConcept {
  const text = concept.text ?? concept.coding?.find(({ display }) => display)?.display;
  return text === undefined ? concept : { ...concept, text };
}

/**
 * The broad category that the guide requires: what the entry says; else, for terms of the 211 taxonomy, their second
 * level (`BD` of `BD-1800.2000`), and for HL7 service types what terminology/hsds-rules.json says. Where none is known
 * it says so.
 */
export function categoriesOf({ category = [], type = [] }: HealthcareService): CodeableConcept[] {
  if (category.length > 0) return category;
  const codings = type.flatMap(({ coding = [] }) => coding);
  const found = codings.flatMap(({ system: of, code = '' }): CodeableConcept[] => {
    if (of === system.serviceType)
      return hsdsRules.categories.filter(one => one.types.includes(code)).map(broad);
    const second = /^([A-Z]{2})-\d/.exec(code)?.[1];
    return second ? [{ coding: [{ ...(of ? { system: of } : {}), code: second }] }] : [];
  });
  const once = new Map(found.map(one => [JSON.stringify(one), one]));
  return once.size > 0 ? [...once.values()] : [unknown];
}

const broad = ({ system: of, code, display }: (typeof hsdsRules.categories)[number]): CodeableConcept => ({
  coding: [{ system: of, code, display }],
});

const unknown: CodeableConcept = {
  extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }],
};

/** Who it is for; ages, for which the guide has no element, in words. */
export function eligibilityOf({
  eligibility = [],
}: HealthcareService): Pick<HealthcareService, 'eligibility'> {
  const shown = eligibility.flatMap((one): HealthcareServiceEligibility[] => {
    const { comment, ...rest } = withoutOwn(one);
    const words = [comment, agesOf(one)].filter(text => text !== undefined).join(' ');
    const entry = { ...rest, ...(words ? { comment: words } : {}) };
    return Object.keys(entry).length > 0 ? [entry] : [];
  });
  return shown.length > 0 ? { eligibility: shown } : {};
}

function agesOf({ extension = [] }: HealthcareServiceEligibility): string | undefined {
  const { low, high } = extension.find(({ url }) => url === serviceExtension.ageRange)?.valueRange ?? {};
  if (low && high) return `Ages ${aged(low)} to ${aged(high)}.`;
  if (low) return `Ages ${aged(low)} and over.`;
  return high ? `Ages up to ${aged(high)}.` : undefined;
}

const aged = ({ value, code }: Quantity): string => (code === 'mo' ? `${value} months` : `${value}`);
