import type {
  CodeableConcept,
  DocumentReference,
  Extension,
  ParametersParameter,
  Reference,
  Resource,
} from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import { gapExtension } from '../packet/gaps.ts';
import { type Reading, readParameters } from './read-parameters.ts';
import type { Given, Submission } from './submission.ts';

const names = [
  'identifier',
  'patient',
  'sender',
  'recipient',
  'need',
  'reason',
  'consent',
  'document',
  'insurance',
  'gap',
] as const;
const parts = ['service', 'category', 'text', 'urgency', 'wish', 'avoid', 'population'] as const;
const urgencies = ['routine', 'urgent', 'asap', 'stat'] as const;

/** The submission that a Parameters resource holds; HubError('invalid') with a problem for each thing that is wrong. */
export function readSubmission(body: unknown): Submission {
  const read = readParameters(body, names);
  const identifier = read.required(
    'identifier',
    'an Identifier of yours with system and value (valueIdentifier), by which sending again is safe',
    ({ valueIdentifier: one }) =>
      one?.system && one.value ? { ...one, system: one.system, value: one.value } : undefined,
  );
  const patient = read.required(
    'patient',
    'a Patient (resource) or a reference to one (valueReference)',
    given('Patient'),
  );
  const sender = read.one(
    'sender',
    'a RelatedPerson (resource), a reference, a name (valueString), or the code self',
    senderOf,
  );
  const recipient = read.one(
    'recipient',
    'a reference to an Organization, PractitionerRole or HealthcareService (valueReference)',
    reference(['Organization', 'PractitionerRole', 'HealthcareService']),
  );
  const submission = {
    need: readNeed(read.group('need', parts), read),
    reasons: read.many(
      'reason',
      'a CodeableConcept, a text, a reference, or a Condition or Observation',
      reason,
    ),
    consents: read.many('consent', 'a Consent (resource) or a reference to one', given('Consent')),
    documents: read.many(
      'document',
      'a DocumentReference (resource), a reference to one, or an Attachment',
      document,
    ),
    insurance: read.many('insurance', 'a Coverage (resource) or a reference to one', given('Coverage')),
    gaps: read.many(
      'gap',
      'parts: item (a code) or questionnaire (canonical), and reason (a code and text)',
      gap,
    ),
    ...(sender === undefined ? {} : { sender }),
    ...(recipient === undefined ? {} : { recipient }),
  };
  if (!identifier || !patient || read.problems.length > 0) throw new HubError('invalid', read.problems);
  return { identifier, patient, ...submission };
}

function readNeed(need: Reading, above: Reading): Submission['need'] {
  const service = need.one('service', 'a CodeableConcept (valueCodeableConcept)', concept);
  const texts = need.many('text', 'a string (valueString)', text);
  const urgency = need.one('urgency', `one of ${urgencies.join(', ')} (valueCode)`, one =>
    urgencies.find(code => code === one.valueCode),
  );
  const [first, ...others] = texts;
  if (!service && !first)
    above.problems.push({
      text: 'need is required: service (a code of the service asked for), or text, or both.',
      expression: "Parameters.parameter.where(name = 'need')",
    });
  return {
    // In words alone, the words are what is asked for.
    service: service ?? { text: first ?? '' },
    notes: service ? texts : others,
    category: need.many('category', 'a CodeableConcept (valueCodeableConcept)', concept),
    wishes: need.many('wish', 'a CodeableConcept (valueCodeableConcept)', concept),
    population: need.many('population', 'a CodeableConcept (valueCodeableConcept)', concept),
    avoid: need.many('avoid', 'a reference to an Organization (valueReference)', reference(['Organization'])),
    ...(urgency === undefined ? {} : { urgency }),
  };
}

type Take<T> = (one: ParametersParameter) => T | undefined;

const concept: Take<CodeableConcept> = ({ valueCodeableConcept: one }) =>
  one?.text || one?.coding?.some(coding => coding.code) ? one : undefined;

const text: Take<string> = ({ valueString }) => valueString?.trim() || undefined;

const reference =
  (types: readonly string[]): Take<Reference> =>
  ({ valueReference: one }) =>
    types.includes(typeOf(one?.reference)) ? one : undefined;

/** Also of an absolute URL. */
const typeOf = (reference: string | undefined): string => reference?.split(/[?]/)[0]?.split('/').at(-2) ?? '';

const given =
  <T extends Resource['resourceType']>(type: T): Take<Given<Extract<Resource, { resourceType: T }>>> =>
  one =>
    one.resource
      ? one.resource.resourceType === type
        ? (one.resource as Extract<Resource, { resourceType: T }>)
        : undefined
      : reference([type])(one);

const senderOf: Take<NonNullable<Submission['sender']>> = one => {
  if (one.valueCode === 'self') return 'self';
  const name = text(one);
  if (name) return { display: name };
  const people = ['Patient', 'RelatedPerson', 'Practitioner', 'PractitionerRole'];
  return given('RelatedPerson')(one) ?? reference(people)(one);
};

const reason: Take<CodeableConcept | Given<Resource>> = one => {
  const words = text(one);
  if (words) return { text: words };
  const types = ['Condition', 'Observation', 'DiagnosticReport', 'DocumentReference'];
  return concept(one) ?? given('Condition')(one) ?? given('Observation')(one) ?? reference(types)(one);
};

const gap: Take<Extension> = ({ part = [] }) => {
  const named = (name: string) => part.find(one => one.name === name);
  const item = concept(named('item') ?? { name: 'item' });
  const questionnaire = named('questionnaire')?.valueCanonical;
  const why = concept(named('reason') ?? { name: 'reason' });
  return (item || questionnaire) && why ? gapExtension({ item, questionnaire }, why) : undefined;
};

const document: Take<Given<DocumentReference>> = one => {
  const { valueAttachment: attachment } = one;
  if (!attachment) return given('DocumentReference')(one);
  return { resourceType: 'DocumentReference', status: 'current', content: [{ attachment }] };
};
