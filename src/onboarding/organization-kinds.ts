import type { CodeableConcept, Coding } from '@medplum/fhirtypes';
import { system } from '../fhir/canonical.ts';

/** Short names for the kinds of organizations that a network is made of. */
const treating: Record<string, Coding> = {
  hospital: { system: system.organizationType, code: 'prov', display: 'Healthcare Provider' },
  'psychiatric-hospital': { system: system.nucc, code: '283Q00000X', display: 'Psychiatric Hospital' },
  'psychiatric-unit': { system: system.nucc, code: '273R00000X', display: 'Psychiatric Hospital Unit' },
  cmhc: {
    system: system.nucc,
    code: '261QM0801X',
    display: 'Mental Health Clinic/Center (Including Community Mental Health Center)',
  },
  'behavioral-health-agency': {
    system: system.nucc,
    code: '251S00000X',
    display: 'Community/Behavioral Health Agency',
  },
  'case-management': { system: system.nucc, code: '251B00000X', display: 'Case Management Agency' },
};
const others: Record<string, Coding> = {
  community: { system: system.organizationType, code: 'cg', display: 'Community Group' },
  government: { system: system.organizationType, code: 'govt', display: 'Government' },
  payer: { system: system.organizationType, code: 'pay', display: 'Payer' },
  business: {
    system: system.organizationType,
    code: 'bus',
    display: 'Non-Healthcare Business or Corporation',
  },
};

/** The names of kinds that see a person's record once they accept a referral, and of those that do not. */
export const kindNames = { treating: Object.keys(treating), others: Object.keys(others) } as const;

/** By short name, by code of HL7's organization types, or as SYSTEM|CODE; undefined for what is none of them. */
export function organizationKind(text: string): CodeableConcept | undefined {
  const known = treating[text] ?? others[text];
  if (known) return { coding: [known] };
  const [, named, code] = /^(?:([^|\s]+)\|)?([^|\s]+)$/.exec(text) ?? [];
  return code ? { coding: [{ system: named ?? system.organizationType, code }] } : undefined;
}
