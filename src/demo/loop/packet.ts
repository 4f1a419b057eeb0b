import type { CodeableConcept, Condition, Coverage, Patient, ServiceRequest, Task } from '@medplum/fhirtypes';
import { system } from '../../fhir/canonical.ts';
import { concept, routingSystem } from '../../referral/routing/codes.ts';
import { homeIn, phone } from '../county.ts';
import { organizationNamed } from '../organizations.ts';

/** The person of the story: somebody new in each run, for the hub remembers who was asked for whom. */
export function person(managed: string): Patient {
  return {
    resourceType: 'Patient',
    active: true,
    name: [{ use: 'official', family: 'Ellery', given: ['Rowan'] }],
    telecom: [phone('70', 'mobile')],
    gender: 'other',
    birthDate: '1994-05-19',
    address: [homeIn('northFork', '31 Birch Street')],
    communication: [{ language: concept(routingSystem.language, 'en', 'English'), preferred: true }],
    managingOrganization: { reference: managed },
  };
}

/** What the sender attaches: why, and who pays. */
export function attachments(patient: string): { condition: Condition; coverage: Coverage } {
  const hl7 = 'http://terminology.hl7.org/CodeSystem';
  return {
    condition: {
      resourceType: 'Condition',
      clinicalStatus: concept(`${hl7}/condition-clinical`, 'active', 'Active'),
      code: concept(
        'http://hl7.org/fhir/sid/icd-10-cm',
        'F31.30',
        'Bipolar disorder, current episode depressed',
      ),
      subject: { reference: patient },
    },
    coverage: {
      resourceType: 'Coverage',
      status: 'active',
      beneficiary: { reference: patient },
      payor: [organizationNamed('prairie-medicaid')],
    },
  };
}

export interface Ask {
  patient: string;
  /** `Organization/…` of who asks and who is asked. */
  from: string;
  to: string;
  code: CodeableConcept;
  priority: 'routine' | 'urgent';
  reasons?: readonly string[];
  insurance?: readonly string[];
}

export const caseManagement: CodeableConcept = {
  ...concept(routingSystem.snomed, '464001000124109', 'Referral to case manager'),
  text: 'Case management from the day of discharge',
};
export const bed: CodeableConcept = {
  ...concept(routingSystem.snomed, '710911006', 'Referral to housing service'),
  text: 'A bed for ten nights',
};

/** A ServiceRequest, and the Task that asks somebody to fulfill it. */
export function referral(ask: Ask): { fullUrl: string; resource: ServiceRequest | Task }[] {
  const [request, task] = [
    'urn:uuid:0b2a5a3e-6a3b-4f0e-9d5b-1f1f0c7d1001',
    'urn:uuid:0b2a5a3e-6a3b-4f0e-9d5b-1f1f0c7d1002',
  ] as const;
  const { patient, from, to, code, priority } = ask;
  const references = (all: readonly string[] = []) => all.map(reference => ({ reference }));
  return [
    {
      fullUrl: request,
      resource: {
        resourceType: 'ServiceRequest',
        status: 'active',
        intent: 'order',
        priority,
        code,
        subject: { reference: patient },
        requester: { reference: from },
        ...(ask.reasons ? { reasonReference: references(ask.reasons) } : {}),
        ...(ask.insurance ? { insurance: references(ask.insurance) } : {}),
      },
    },
    {
      fullUrl: task,
      resource: {
        resourceType: 'Task',
        status: 'requested',
        intent: 'order',
        priority,
        code: concept(system.taskCode, 'fulfill', 'Fulfill the focal request'),
        focus: { reference: request },
        for: { reference: patient },
        requester: { reference: from },
        owner: { reference: to },
      },
    },
  ];
}
