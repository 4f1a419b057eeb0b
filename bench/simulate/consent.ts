import type { Consent, ConsentProvisionActor } from '@medplum/fhirtypes';
import { canonical } from '../../src/fhir/canonical.ts';
import { hospitalId } from './entries.ts';
import { dayMs, type Network } from './network.ts';
import type { Referral } from './referrals.ts';
import { dayOf } from './statements.ts';

const actCode = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
/** Counselling for substance use: what 42 CFR Part 2 protects. */
export const protectedNeed = '105';
const validDays = 180;

/** A written consent that the hub, and whoever the hub may ask, sees a referral to counselling for substance use. */
export function consentEntry(network: Network, referral: Referral, patient: string, hub: string): Consent {
  const asked = network.services.filter(
    ({ type, place: { listed } }) =>
      type === protectedNeed && (listed.areas?.includes(referral.county.index) ?? true),
  );
  const recipients = new Set([hub, ...asked.map(({ place }) => place.id)]);
  return {
    resourceType: 'Consent',
    extension: [{ url: `${canonical}/StructureDefinition/consent-statement`, valueCode: 'right-to-revoke' }],
    status: 'active',
    scope: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }],
    },
    category: [{ coding: [{ system: actCode, code: 'IDSCL' }] }],
    patient: { reference: `Patient/${patient}` },
    dateTime: dayOf(referral.at - dayMs),
    organization: [{ reference: `Organization/${hospitalId(referral.hospital)}` }],
    sourceAttachment: { title: 'signed form' },
    policyRule: { coding: [{ system: actCode, code: '42CFRPart2' }] },
    provision: {
      type: 'permit',
      period: { start: dayOf(referral.at - dayMs), end: dayOf(referral.at + validDays * dayMs) },
      actor: [...recipients].map(recipient),
      purpose: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'TREAT' }],
      securityLabel: [{ system: actCode, code: 'SUD' }],
    },
  };
}

const recipient = (organization: string): ConsentProvisionActor => ({
  role: {
    coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType', code: 'IRCP' }],
  },
  reference: { reference: `Organization/${organization}` },
});
