import type { Consent, ConsentProvision, ConsentProvisionActor } from '@medplum/fhirtypes';
import {
  type ConsentPolicy,
  consentPolicy,
  type HubRole,
  type StatePack,
} from '../../src/access/consent/policy.ts';
import type { ConsentFacts, Question } from '../../src/access/consent/question.ts';
import { dateRange } from '../../src/fhir/definitions/dates.ts';

const actCode = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
const participation = 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType';
const designations = 'https://warmhandoff.example/fhir/CodeSystem/consent-recipient';

export const noon = Date.parse('2026-03-02T12:00:00Z');

/** Who receives, discloses (CST), or is named in some other role. */
export const actor = (organization: string, code = 'IRCP'): ConsentProvisionActor => ({
  role: { coding: [{ system: participation, code }] },
  reference: { reference: `Organization/${organization}` },
});

export const designated = (code: string, ...more: string[]): ConsentProvisionActor => ({
  role: {
    coding: [{ system: designations, code }, ...more.map(one => ({ system: participation, code: one }))],
  },
  reference: { display: code },
});

export const label = (...codes: string[]): Pick<ConsentProvision, 'securityLabel'> => ({
  securityLabel: codes.map(code => ({ system: actCode, code })),
});

export const purpose = (...codes: string[]): Pick<ConsentProvision, 'purpose'> => ({
  purpose: codes.map(code => ({ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code })),
});

/** A written consent that lets the hospital disclose SUD to the center, through the hub, for treatment. */
export function written(
  provision: Partial<ConsentProvision> = {},
  more: Partial<Consent> = {},
): Consent & { id: string } {
  return {
    resourceType: 'Consent',
    id: 'c',
    extension: [
      {
        url: 'https://warmhandoff.example/fhir/StructureDefinition/consent-statement',
        valueCode: 'right-to-revoke',
      },
    ],
    status: 'active',
    scope: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }],
    },
    category: [{ coding: [{ system: actCode, code: 'IDSCL' }] }],
    patient: { reference: 'Patient/p' },
    dateTime: '2026-03-01',
    organization: [{ reference: 'Organization/hospital' }],
    sourceAttachment: { title: 'signed form' },
    policyRule: { coding: [{ system: actCode, code: '42CFRPart2' }] },
    provision: {
      type: 'permit',
      period: { start: '2026-03-01', end: '2026-08-31' },
      actor: [actor('center'), actor('hub')],
      ...purpose('TREAT'),
      ...label('SUD'),
      ...provision,
    },
    ...more,
  };
}

export function facts(consent: Consent, more: Partial<ConsentFacts> = {}): ConsentFacts {
  const organizations = new Map(
    ['hospital', 'center', 'shelter', 'clinic', 'hub'].map(id => [`Organization/${id}`, [id]]),
  );
  return { consent, recorder: 'hospital', recorderHolds: true, organizations, ...more };
}

export const policy = (role: HubRole = 'intermediary', pack: StatePack = 'strict'): ConsentPolicy =>
  consentPolicy({ role, pack }, { hub: 'hub', readDate: dateRange });

/** May the center, which treats the person, see the hospital's SUD? */
export const ask = (more: Partial<Question> = {}): Question => ({
  patient: 'p',
  recipient: { organization: 'center', treats: true },
  discloser: 'hospital',
  purpose: 'COC',
  labels: ['SUD'],
  now: noon,
  ...more,
});

export const shelter = { organization: 'shelter', treats: false };
export const anyTreating = { treats: true };
export const anyOther = { treats: false };
