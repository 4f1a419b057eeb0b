import type { Consent } from '@medplum/fhirtypes';
import { consentCategories } from './policy.ts';

/** Why a Consent as a whole decides nothing; undefined when it does. */
export function withoutForce(consent: Consent, patient: string): string | undefined {
  if (consent.status !== 'active') return `its status is ${consent.status}`;
  if (consent.patient?.reference !== `Patient/${patient}`) return 'it is about another person';
  if (!(consent.scope?.coding ?? []).some(({ code }) => code === 'patient-privacy'))
    return 'its scope is not patient-privacy';
  if (!consent.category?.some(({ coding }) => coding?.some(isDisclosure)))
    return 'its category is not the disclosure of information';
  if (consent.verification?.length && !consent.verification.some(({ verified }) => verified))
    return 'it was not verified with the person';
  if (consent.modifierExtension?.length) return 'it has a modifier that the hub does not know';
  return undefined;
}

const isDisclosure = ({ system, code }: { system?: string; code?: string }): boolean =>
  consentCategories.has(`${system}|${code}`);
