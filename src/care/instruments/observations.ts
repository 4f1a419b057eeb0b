import type { CodeableConcept, Observation, QuestionnaireResponse } from '@medplum/fhirtypes';
import { canonical, system } from '../../fhir/canonical.ts';
import type { Result } from './score.ts';

const resultSystem = `${canonical}/CodeSystem/instrument-result`;
const categories = 'http://terminology.hl7.org/CodeSystem/observation-category';
const interpretations = 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation';
const ucum = 'http://unitsofmeasure.org';

/** An Observation that the hub made of a response knows which one, and which of its results, by its identifier. */
export const identifierOf = (response: string, code: string | undefined) => ({
  system: system.hubIdentifier,
  value: `QuestionnaireResponse/${response}#${code}`,
});

/** The result as an Observation (https://hl7.org/fhir/R4/observation.html), with the labels of the response. */
export function observationOf(
  result: Result,
  response: QuestionnaireResponse & { id: string },
  now: Date,
): Observation {
  const { code, need } = result;
  const performer = performerOf(response);
  return {
    resourceType: 'Observation',
    ...(response.meta?.security ? { meta: { security: response.meta.security } } : {}),
    identifier: [identifierOf(response.id, code.code)],
    status: 'final',
    category: [
      { coding: [{ system: categories, code: 'survey' }] },
      ...(need?.category ? [{ coding: [need.category] }] : []),
    ],
    code: { coding: [code] },
    ...(response.subject ? { subject: response.subject as NonNullable<Observation['subject']> } : {}),
    ...(response.encounter ? { encounter: response.encounter } : {}),
    effectiveDateTime: response.authored ?? now.toISOString(),
    ...(performer ? { performer: [performer] } : {}),
    ...valueIn(result),
    derivedFrom: [{ reference: `QuestionnaireResponse/${response.id}` }],
  };
}

type Performer = NonNullable<Observation['performer']>[number];

/** A device may write answers down, but observes nothing. */
function performerOf({ author }: QuestionnaireResponse): Performer | undefined {
  return author?.reference?.startsWith('Device/') ? undefined : (author as Performer | undefined);
}

function valueIn({ code, score, values, meaning, need }: Result): Partial<Observation> {
  const means: CodeableConcept | undefined = meaning && {
    coding: [{ system: resultSystem, code: meaning.code }],
    text: meaning.display,
  };
  if (score !== undefined) {
    const valueQuantity = { value: score, unit: '{score}', system: ucum, code: '{score}' };
    return { valueQuantity, ...(means ? { interpretation: [means] } : {}) };
  }
  if (means) return { valueCodeableConcept: means };
  const interpretation = need && [
    need.found
      ? { coding: [{ system: interpretations, code: 'POS' }] }
      : { coding: [{ system: interpretations, code: 'NEG' }] },
  ];
  const [first, ...more] = values ?? [];
  return {
    ...(first && !more.length ? { valueCodeableConcept: first } : {}),
    ...(more.length
      ? {
          component: (values ?? []).map(value => ({ code: { coding: [code] }, valueCodeableConcept: value })),
        }
      : {}),
    ...(interpretation ? { interpretation } : {}),
  };
}
