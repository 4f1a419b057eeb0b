import type { Organization, Patient, ServiceRequest, Task } from '@medplum/fhirtypes';
import type { Party } from './hub.ts';

/** A community mental health center treats people: an accepted referral opens the record to it. */
export const treatingOrganization: Partial<Organization> = {
  type: [{ coding: [{ system: 'http://nucc.org/provider-taxonomy', code: '261QM0801X' }] }],
};

/** A shelter does not treat: it sees the packet, never the record. */
export const communityOrganization: Partial<Organization> = {
  type: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/organization-type', code: 'cg' }] }],
};

export const fulfill = { coding: [{ system: 'http://hl7.org/fhir/CodeSystem/task-code', code: 'fulfill' }] };

export const reference = (resource: { resourceType: string; id?: string }) => ({
  reference: `${resource.resourceType}/${resource.id}`,
});

export interface Referral {
  patient: Patient & { id: string };
  request: ServiceRequest & { id: string };
  task: Task & { id: string };
}

/** A person of the source, a request, and a Task that asks `owner` (an Organization reference). */
export async function refer(
  source: Party,
  owner: string,
  more: {
    patient?: Partial<Patient>;
    request?: Partial<ServiceRequest>;
    task?: Partial<Task>;
    of?: Patient & { id: string };
  } = {},
): Promise<Referral> {
  const patient =
    more.of ??
    (await source.create<Patient>({
      resourceType: 'Patient',
      name: [{ family: 'Rivera' }],
      gender: 'female',
      birthDate: '1990-05-05',
      ...more.patient,
    }));
  const request = await source.create<ServiceRequest>({
    resourceType: 'ServiceRequest',
    status: 'active',
    intent: 'order',
    subject: reference(patient),
    requester: { reference: source.organization },
    code: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/service-type', code: '136' }] },
    ...more.request,
  });
  const task = await source.create<Task>({
    resourceType: 'Task',
    status: 'requested',
    intent: 'order',
    code: fulfill,
    focus: reference(request),
    for: reference(patient),
    requester: { reference: source.organization },
    owner: { reference: owner },
    ...more.task,
  });
  return { patient, request, task };
}
