import type { CodeableConcept, Coding } from '@medplum/fhirtypes';
import { canonical, system } from '../../fhir/canonical.ts';

/** Code systems that routing reads and writes, besides those in `fhir/canonical.ts`. */
export const routingSystem = {
  /** https://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem-SDOHCC-CodeSystemTemporaryCodes.html */
  gravity: 'http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes',
  snomed: 'http://snomed.info/sct',
  /** https://terminology.hl7.org/CodeSystem-service-provision-conditions.html */
  provision: 'http://terminology.hl7.org/CodeSystem/service-provision-conditions',
  /** https://terminology.hl7.org/CodeSystem-coverage-selfpay.html */
  selfPay: 'http://terminology.hl7.org/CodeSystem/coverage-selfpay',
  physicalType: 'http://terminology.hl7.org/CodeSystem/location-physical-type',
  language: 'urn:ietf:bcp:47',
  /** terminology/routing-program.json: programs that a service runs and a request can name. */
  program: `${canonical}/CodeSystem/routing-program`,
  /** terminology/routing-characteristic.json: what HealthcareService.characteristic says. */
  characteristic: `${canonical}/CodeSystem/routing-characteristic`,
  /** terminology/routing-level-of-care.json: levels of care, in HealthcareService.characteristic and Task.input. */
  levelOfCare: `${canonical}/CodeSystem/routing-level-of-care`,
  /** terminology/routing-licence.json: what a service is licensed for, in HealthcareService.characteristic. */
  licence: `${canonical}/CodeSystem/routing-licence`,
  /** terminology/routing-strategy.json: in which way organizations are asked. */
  strategy: `${canonical}/CodeSystem/routing-strategy`,
  /** terminology/routing-input.json: kinds of Task.input that routing reads and writes. */
  input: `${canonical}/CodeSystem/routing-input`,
} as const;

/** `system|code`: one coding as a comparable value. */
export type Token = string;

export function token(coding: Coding): Token | undefined {
  return coding.code ? `${coding.system ?? ''}|${coding.code}` : undefined;
}

/** The codings of concepts as tokens, each once, in order. */
export function tokens(...concepts: readonly (CodeableConcept | undefined)[]): Token[] {
  const all = concepts.flatMap(concept => concept?.coding ?? []).map(token);
  return [...new Set(all.filter(value => value !== undefined))];
}

/** Codes of one code system among the codings of concepts. */
export function codesOf(url: string, concepts: readonly (CodeableConcept | undefined)[]): string[] {
  const codings = concepts.flatMap(concept => concept?.coding ?? []);
  return [
    ...new Set(codings.filter(coding => coding.system === url).map(coding => coding.code ?? '')),
  ].filter(Boolean);
}

/** What a person reads for a concept. */
export function words(concept: CodeableConcept | undefined): string | undefined {
  return (
    concept?.text ?? concept?.coding?.find(coding => coding.display)?.display ?? concept?.coding?.[0]?.code
  );
}

export function concept(url: string, code: string, display: string): CodeableConcept {
  return { coding: [{ system: url, code, display }] };
}

/** A service type of HL7, e.g. `serviceType('136', 'Mental Health Case Management')`. */
export function serviceType(code: string, display: string): CodeableConcept {
  return concept(system.serviceType, code, display);
}
