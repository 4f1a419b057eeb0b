import type { Communication, CommunicationPayload, Identifier, Reference } from '@medplum/fhirtypes';
import { system } from '../../fhir/canonical.ts';
import type { WriteOperation } from '../../fhir/repository.ts';
import { isWorking } from '../lifecycle/state.ts';
import { referenceOf, type Work } from './action.ts';
import type { Inputs } from './inputs.ts';

export type Category = 'referral-message' | 'question' | 'answer' | 'contact-attempt';

const displays: Record<Category, string> = {
  'referral-message': 'Message on a referral',
  question: 'Question on a referral',
  answer: 'Answer on a referral',
  'contact-attempt': 'Contact attempt',
};

export const isCategory = ({ category }: Communication, code: Category): boolean =>
  category?.some(one =>
    one.coding?.some(coding => coding.system === system.communicationCategory && coding.code === code),
  ) ?? false;

/** A Communication of the actor's organization on the referral, sent now. */
export function communication(
  { task, organization, now }: Work,
  category: Category,
  more: Partial<Communication>,
): Communication {
  const coding = { system: system.communicationCategory, code: category, display: displays[category] };
  return {
    resourceType: 'Communication',
    status: 'completed',
    category: [{ coding: [coding] }],
    basedOn: [{ reference: `Task/${task.id}` }],
    sender: referenceOf(organization),
    sent: now.toISOString(),
    ...(task.meta?.security ? { meta: { security: task.meta.security } } : {}),
    ...more,
  };
}

/** Creates it once, however often it is asked for under the same identifier. */
export function creation(resource: Communication, identifier: Identifier | undefined): WriteOperation {
  if (!identifier) return { kind: 'create', resource };
  const token = [identifier.system, identifier.value].map(part => encodeURIComponent(part ?? '')).join('%7C');
  return {
    kind: 'create',
    resource: { ...resource, identifier: [identifier] },
    ifNoneExist: `identifier=${token}`,
  };
}

/** What was written: the text, and documents by reference. */
export function payload(inputs: Inputs): CommunicationPayload[] {
  const text = inputs.text('text');
  return [
    ...(text ? [{ contentString: text }] : []),
    ...inputs.references('document').map(contentReference => ({ contentReference })),
  ];
}

/** Whom a message of the actor goes to: the other party; the organization at work where the hub asks on. */
export function recipients({ task, parties, organization, target, hub, children, asker }: Work): Reference[] {
  const working = target === hub ? children.filter(isWorking) : [];
  const asked = (working.length ? working : [task]).flatMap(one => one.owner ?? []);
  const addressed: Reference[] = parties.has('source') ? asked : [referenceOf(asker)];
  return addressed.flatMap(({ reference = '' }) =>
    recipientTypes.includes(reference.split('/')[0] ?? '') && reference !== `Organization/${organization}`
      ? [{ reference }]
      : [],
  );
}

/** Those of the types of Task.owner that Communication.recipient has. */
const recipientTypes = ['Organization', 'Practitioner', 'PractitionerRole', 'HealthcareService'];

/** The Tasks a message is about: this one, and the one below where somebody is at work for it. */
export const aboutTasks = ({ task, children }: Work): Reference[] =>
  [task, ...children.filter(isWorking)].map(({ id }) => ({ reference: `Task/${id}` }));
