import type { CarePlan, Condition, Reference, RelatedPerson, ServiceRequest, Task } from '@medplum/fhirtypes';
import { labelMask } from '../../access/labels.ts';
import type { RuleContext } from '../../fhir/write/rules.ts';
import { isTrue } from '../../referral/packet/matches.ts';

/** A Condition of the packet; `words` only where everybody who sees the packet may read it. */
export interface Problem {
  reference: string;
  words?: string;
}

/** What a packet holds for the case that begins with it: nobody types it again. */
export interface CaseMaterial {
  problems: readonly Problem[];
  /** Goals that the person has already. */
  goals: readonly Reference[];
  /** RelatedPersons. */
  family: readonly Reference[];
  /** Coverage, assessments, documents and all else that the plan rests on. */
  informing: NonNullable<CarePlan['supportingInfo']>;
}

export const noMaterial: CaseMaterial = { problems: [], goals: [], family: [], informing: [] };

/** Sorts what the sender attached to a referral, and reads the problems and who is close to the person. */
export async function materialOf(
  request: ServiceRequest,
  task: Task,
  context: RuleContext,
): Promise<CaseMaterial> {
  const attached = references(request, task);
  const ofType = (...types: string[]) => attached.filter(one => types.includes(one.split('/')[0] ?? ''));
  const named = ['Condition', 'Goal', 'RelatedPerson'];
  const asReference = (reference: string) => ({ reference });
  return {
    problems: (await Promise.all(ofType('Condition').map(one => problemOf(one, request, context)))).flat(),
    goals: ofType('Goal').map(asReference),
    family: await familyOf(ofType('RelatedPerson'), request, context),
    informing: attached.filter(one => !named.includes(one.split('/')[0] ?? '')).map(asReference),
  };
}

/** What is attached, once each, without the parties of the referral themselves. */
function references(
  { reasonReference, supportingInfo, insurance }: ServiceRequest,
  { input }: Task,
): string[] {
  const inputs = (input ?? []).flatMap(({ valueReference }) => valueReference ?? []);
  const all = [...(reasonReference ?? []), ...(insurance ?? []), ...(supportingInfo ?? []), ...inputs];
  const parties = /^(Patient|Organization|HealthcareService|Location|PractitionerRole|Practitioner)\//;
  const literal = all.flatMap(({ reference }) =>
    reference && /^[A-Z]\w+\/[^/]+$/.test(reference) && !parties.test(reference) ? [reference] : [],
  );
  return [...new Set(literal)];
}

/**
 * A problem of this person; none where it was denied, entered in error, or is somebody else's. The words of a
 * restricted Condition stay in it: what the receiver is given is its own, and shown without asking.
 */
async function problemOf(
  reference: string,
  { subject }: ServiceRequest,
  context: RuleContext,
): Promise<Problem[]> {
  const condition = await context.get<Condition>(reference);
  if (!condition || !isTrue(condition) || condition.subject.reference !== subject.reference) return [];
  if (labelMask(condition) !== 0) return [{ reference }];
  const words = condition.code?.text ?? condition.code?.coding?.find(({ display }) => display)?.display;
  const over = condition.clinicalStatus?.coding?.some(
    ({ code }) => code === 'resolved' || code === 'inactive',
  );
  return [{ reference, ...(words && !over ? { words } : {}) }];
}

/** Somebody close to this person, not to another. */
async function familyOf(
  named: readonly string[],
  { subject }: ServiceRequest,
  context: RuleContext,
): Promise<Reference[]> {
  const found = await Promise.all(named.map(one => context.get<RelatedPerson>(one)));
  return named
    .filter((_, at) => found[at]?.patient.reference === subject.reference)
    .map(reference => ({ reference }));
}
