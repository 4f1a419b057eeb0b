import type { Consent } from '@medplum/fhirtypes';
import { canonical } from '../../src/fhir/canonical.ts';
import { concept } from '../../src/referral/routing/codes.ts';
import { hospitalId } from './entries.ts';
import { dayMs } from './network.ts';
import { isProtected, type Referral } from './referrals.ts';
import { dayOf } from './statements.ts';

const yearMs = 365 * dayMs;

/**
 * What a person signs so that the hub may pass on what is protected, with all by name to whom it may be passed on: being
 * asked makes nobody a treating provider. Nothing where nothing is protected.
 */
export function consentEntry(
  referral: Referral,
  patient: string,
  recipients: readonly string[],
): Consent | undefined {
  if (!isProtected(referral.need)) return undefined;
  const actCode = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
  const recipient = 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType';
  return {
    resourceType: 'Consent',
    extension: [{ url: `${canonical}/StructureDefinition/consent-statement`, valueCode: 'right-to-revoke' }],
    status: 'active',
    scope: concept(
      'http://terminology.hl7.org/CodeSystem/consentscope',
      'patient-privacy',
      'Privacy Consent',
    ),
    category: [concept(actCode, 'IDSCL', 'information disclosure')],
    patient: { reference: patient },
    dateTime: dayOf(referral.at),
    organization: [{ reference: `Organization/${hospitalId(referral.hospital)}` }],
    sourceAttachment: { title: 'Signed form' },
    policyRule: concept(actCode, '42CFRPart2', '42 CFR Part2'),
    provision: {
      type: 'permit',
      period: { start: dayOf(referral.at), end: dayOf(referral.at + yearMs) },
      actor: recipients.map(id => ({
        role: concept(recipient, 'IRCP', 'information recipient'),
        reference: { reference: `Organization/${id}` },
      })),
      purpose: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'TREAT' }],
      securityLabel: [{ system: actCode, code: 'SUD' }],
    },
  };
}
