import type {
  CodeableConcept,
  Consent,
  Coverage,
  DocumentReference,
  Extension,
  Identifier,
  Patient,
  Reference,
  RelatedPerson,
  Resource,
  ServiceRequest,
  Task,
} from '@medplum/fhirtypes';
import { extension, system } from '../../fhir/canonical.ts';
import type { WriteOperation } from '../../fhir/repository.ts';
import { concept, routingSystem } from '../routing/codes.ts';

/** A resource to be made, or one that is there. */
export type Given<R extends Resource> = R | Reference;

/** A referral as anybody sends it, whatever they are: what `$submit-referral` takes. */
export interface Submission {
  /** The sender's own: the same again is the same referral. */
  identifier: Identifier & { system: string; value: string };
  patient: Given<Patient>;
  /** Who really asks, where it is not the organization itself; the person, where it is they. */
  sender?: Given<RelatedPerson> | 'self';
  /** Organization, PractitionerRole or HealthcareService; absent: the hub finds a place. */
  recipient?: Reference;
  need: {
    service: CodeableConcept;
    category: readonly CodeableConcept[];
    urgency?: NonNullable<ServiceRequest['priority']>;
    /** More in words, wishes among them. */
    notes: readonly string[];
    wishes: readonly CodeableConcept[];
    avoid: readonly Reference[];
    population: readonly CodeableConcept[];
  };
  reasons: readonly (CodeableConcept | Given<Resource>)[];
  consents: readonly Given<Consent>[];
  documents: readonly Given<DocumentReference>[];
  insurance: readonly Given<Coverage>[];
  /** What the receiver needs and does not get, each with the reason: `packet-gap`. */
  gaps: readonly Extension[];
}

/** What is decided outside of what was sent. Organizations are ids. */
export interface Circumstances {
  /** In whose name it is written. */
  organization: string;
  hub: string;
  /** Tells a repetition from another content under the same identifier. */
  digest: string;
  now: Date;
}

/** Everything that a submission makes, as one commit; the Task is the last, the request the one before. */
export function referralOf(submission: Submission, around: Circumstances): WriteOperation[] {
  const made: WriteOperation[] = [];
  const place = <R extends Resource>(given: Given<R>, complete: (resource: R) => R): Reference => {
    if (!isResource<R>(given)) return given as Reference;
    const fullUrl = `urn:uuid:submitted-${made.length}`;
    made.push({ kind: 'create', resource: complete(given), fullUrl });
    return { reference: fullUrl };
  };
  const patient = place(submission.patient, one => one);
  const of = { patient, place };
  const request = requestOf(submission, around, of);
  const focus = place(request, one => one);
  place(taskOf(submission, around, { patient, focus }), one => one);
  return made;
}

export const isResource = <R extends Resource>(given: Given<R> | CodeableConcept): given is R =>
  'resourceType' in given;

interface Made {
  patient: Reference;
  place<R extends Resource>(given: Given<R>, complete: (resource: R) => R): Reference;
}

function requestOf(submission: Submission, around: Circumstances, made: Made): ServiceRequest {
  const { need, identifier } = submission;
  const { patient, place } = made;
  const about = <R extends Resource>(element: 'subject' | 'patient' | 'beneficiary') => {
    return (resource: R): R => ({ ...resource, [element]: patient });
  };
  const sender = senderOf(submission, around, made);
  const reasonCode = submission.reasons.filter(isConcept);
  const reasonReference = submission.reasons
    .filter(one => !isConcept(one))
    .map(one => place(one as Given<Resource>, about('subject')));
  const consents = submission.consents.map(one => place(one, about('patient')));
  const documents = submission.documents.map(one => place(one, about('subject')));
  const insurance = submission.insurance.map(one => place(one, about('beneficiary')));
  // Who asks for the person is shown to whoever is asked: else the name would lead nowhere for them.
  const asker = sender.reference?.startsWith('Organization/') || sender.reference === patient.reference;
  const supporting = [...consents, ...documents, ...(asker || !sender.reference ? [] : [sender])];
  return {
    resourceType: 'ServiceRequest',
    identifier: [identifier],
    status: 'active',
    intent: 'order',
    ...some('category', need.category),
    ...(need.urgency ? { priority: need.urgency } : {}),
    code: need.service,
    subject: patient as ServiceRequest['subject'],
    authoredOn: around.now.toISOString(),
    requester: sender as NonNullable<ServiceRequest['requester']>,
    ...some('reasonCode', reasonCode),
    ...some('reasonReference', reasonReference as NonNullable<ServiceRequest['reasonReference']>),
    ...some('insurance', insurance as NonNullable<ServiceRequest['insurance']>),
    ...some('supportingInfo', supporting),
    ...some(
      'note',
      need.notes.map(text => ({ text })),
    ),
  };
}

function senderOf(
  { sender }: Submission,
  { organization }: Circumstances,
  { patient, place }: Made,
): Reference {
  if (sender === undefined) return { reference: `Organization/${organization}` };
  if (sender === 'self') return patient;
  return place(sender, one => ({ ...one, patient: patient as RelatedPerson['patient'] }));
}

function taskOf(
  { identifier, recipient, need, gaps }: Submission,
  { organization, hub, digest, now }: Circumstances,
  { patient, focus }: { patient: Reference; focus: Reference },
): Task {
  return {
    resourceType: 'Task',
    extension: [{ url: extension.submissionDigest, valueString: digest }, ...gaps],
    identifier: [identifier],
    status: 'requested',
    intent: 'order',
    ...(need.urgency ? { priority: need.urgency } : {}),
    code: concept(system.taskCode, 'fulfill', 'Fulfill the focal request'),
    focus,
    for: patient,
    authoredOn: now.toISOString(),
    requester: { reference: `Organization/${organization}` },
    owner: (recipient ?? { reference: `Organization/${hub}` }) as NonNullable<Task['owner']>,
    ...some('input', [
      ...need.wishes.map(value => ({ type: input('wish', 'Wish'), valueCodeableConcept: value })),
      ...need.population.map(value => ({
        type: input('population', 'Kind of person'),
        valueCodeableConcept: value,
      })),
      ...need.avoid.map(value => ({ type: input('avoid', 'Do not ask'), valueReference: value })),
    ]),
  };
}

const input = (code: string, display: string): CodeableConcept => concept(routingSystem.input, code, display);

/** A coded or worded reason; a reference has neither. */
const isConcept = (one: CodeableConcept | Given<Resource>): one is CodeableConcept =>
  !isResource(one) && !('reference' in one) && !('identifier' in one);

/** FHIR has no empty lists. */
const some = <K extends string, T>(name: K, list: readonly T[]): { [key in K]?: T[] } =>
  (list.length > 0 ? { [name]: [...list] } : {}) as { [key in K]?: T[] };
