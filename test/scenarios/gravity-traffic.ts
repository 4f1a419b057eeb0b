import type { Observation, Procedure, ServiceRequest, Task } from '@medplum/fhirtypes';

/** What the reference clients of Gravity's guide send, element by element, with names of the test's own. */

const guide = 'http://hl7.org/fhir/us/sdoh-clinicalcare';
export const temporary = `${guide}/CodeSystem/SDOHCC-CodeSystemTemporaryCodes`;
export const profileOf = (name: string): string => `${guide}/StructureDefinition/SDOHCC-${name}`;
export const taskProfile = profileOf('TaskForReferralManagement');

const claims = (name: string) => ({ profile: [profileOf(name)] });
const code = (system: string, value: string, display: string) => ({
  coding: [{ system, code: value, display }],
});

/** The referral source's request: it names no requester and no date. */
export const serviceRequest = (patient: string, more: Partial<ServiceRequest> = {}): ServiceRequest => ({
  resourceType: 'ServiceRequest',
  meta: claims('ServiceRequest'),
  status: 'active',
  intent: 'order',
  category: [
    code('http://snomed.info/sct', '410606002', 'Social service procedure'),
    code(temporary, 'food-insecurity', 'Food Insecurity'),
  ],
  code: code('http://snomed.info/sct', '710925007', 'Provision of food'),
  priority: 'routine',
  subject: { reference: `Patient/${patient}`, display: 'COLIN ABBAS' },
  ...more,
});

/** The referral source's Task, in the name of a PractitionerRole. */
export const referralTask = (of: {
  request: string;
  patient: string;
  role: string;
  owner: string;
  input?: string;
}): Task => ({
  resourceType: 'Task',
  meta: claims('TaskForReferralManagement'),
  status: 'requested',
  intent: 'order',
  code: code('http://hl7.org/fhir/CodeSystem/task-code', 'fulfill', 'Fulfill the focal request'),
  focus: { reference: `ServiceRequest/${of.request}` },
  for: { reference: `Patient/${of.patient}`, display: 'COLIN ABBAS' },
  authoredOn: '2026-03-02T09:00:00.000Z',
  requester: { reference: `PractitionerRole/${of.role}`, display: 'Dr Jan Water' },
  owner: { reference: of.owner, display: 'The place asked' },
  ...(of.input
    ? {
        input: [
          {
            type: code(temporary, 'additional-content', 'Additional Content'),
            valueReference: { reference: of.input },
          },
        ],
      }
    : {}),
});

/** The recipient's Procedure: what it has read of the request, turned into what was done. */
export const procedureFor = (request: ServiceRequest): Procedure => ({
  resourceType: 'Procedure',
  meta: claims('Procedure'),
  basedOn: [{ reference: `ServiceRequest/${request.id}` }],
  status: 'completed',
  ...(request.category?.[0] ? { category: request.category[0] } : {}),
  ...(request.code ? { code: request.code } : {}),
  subject: request.subject as Procedure['subject'],
  ...(request.reasonReference
    ? { reasonReference: request.reasonReference as NonNullable<Procedure['reasonReference']> }
    : {}),
  performedDateTime: '2026-03-04',
});

/** The recipient's Observation of whether the person was enrolled in a program. */
export const enrollment = (task: Task, performer: string): Observation => ({
  resourceType: 'Observation',
  meta: claims('ObservationProgramEnrollmentStatus'),
  status: 'final',
  category: [
    code('http://hl7.org/fhir/us/core/CodeSystem/us-core-category', 'sdoh', 'SDOH'),
    code(temporary, 'program-enrollment', 'Program Enrollment'),
  ],
  code: code('http://snomed.info/sct', '481021000124104', 'Adult protective service (qualifier value)'),
  subject: task.for as NonNullable<Observation['subject']>,
  performer: [{ reference: performer }],
  effectiveDateTime: '2026-03-04T10:00:00Z',
  valueCodeableConcept: code(temporary, 'enrolled', 'Enrolled'),
});

export const output = (type: 'resulting-activity' | 'additional-content', reference: string) => ({
  type: code(temporary, type, type === 'resulting-activity' ? 'Resulting Activity' : 'Additional Content'),
  valueReference: { reference },
});

/** How the recipient's client looks for its work. */
export const polled = (owner: string): string =>
  `/Task?_profile=${encodeURIComponent(taskProfile)}&owner=${encodeURIComponent(owner)}&_sort=-_lastUpdated`;

/** How the source's client looks for what it has sent. */
export const watched = (patient: string, role: string): string =>
  `/Task?subject=${patient}&_profile=${encodeURIComponent(taskProfile)}&requester=${encodeURIComponent(`PractitionerRole/${role}`)}&_sort=-_lastUpdated`;
