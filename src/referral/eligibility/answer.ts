import type {
  Coding,
  DataRequirement,
  GuidanceResponse,
  Identifier,
  Parameters,
  ParametersParameter,
  Reference,
  Resource,
} from '@medplum/fhirtypes';
import { labelsAmong } from '../../access/labels.ts';
import { system } from '../../fhir/canonical.ts';
import { type Decided, type Decision, leavesDecided } from './decide.ts';
import type { Leaf, Pack } from './pack.ts';

/** Who asked for whom, and for which request the answer is kept. */
export interface Asked {
  /** Logical ids. */
  patient: string;
  organization: string;
  request?: string;
  now: Date;
}

/** The request (`ServiceRequest` id) that an answer is kept with, as GuidanceResponse names it. */
export const requestIdentifier = (request: string): Identifier => ({
  system: system.hubIdentifier,
  value: `ServiceRequest/${request}`,
});

/** One answer is kept for each request, organization and pack of criteria. */
const answerIdentifier = (request: string, { url }: Pack, organization: string): Identifier => ({
  system: system.hubIdentifier,
  value: `ServiceRequest/${request}#${organization}#${url}`,
});

const words = { eligible: 'Eligible', ineligible: 'Not eligible', 'needs-data': 'Needs data' } as const;

/**
 * The answer as FHIR keeps it (https://hl7.org/fhir/R4/guidanceresponse.html): what was decided and what it rests on in
 * contained Parameters, what is missing as data requirements. It carries the labels of all that it names.
 */
export function answerOf(pack: Pack, decision: Decision, asked: Asked): GuidanceResponse {
  const { patient, organization, request, now } = asked;
  const security = labelsOf(leavesDecided(decision.root).flatMap(({ rests }) => rests));
  const needs = decision.answer === 'needs-data' ? missingOf(decision) : [];
  return {
    resourceType: 'GuidanceResponse',
    ...(security.length ? { meta: { security } } : {}),
    contained: [outcome(decision)],
    ...(request
      ? {
          requestIdentifier: requestIdentifier(request),
          identifier: [answerIdentifier(request, pack, organization)],
        }
      : {}),
    moduleCanonical: pack.version ? `${pack.url}|${pack.version}` : pack.url,
    status: needs.length ? 'data-required' : 'success',
    subject: { reference: `Patient/${patient}` },
    occurrenceDateTime: now.toISOString(),
    note: [
      {
        authorReference: { reference: `Organization/${organization}` },
        time: now.toISOString(),
        text: `${pack.title}: ${words[decision.answer]}.`,
      },
    ],
    outputParameters: { reference: '#answer' },
    ...(needs.length ? { dataRequirement: needs } : {}),
  };
}

function outcome({ answer, root }: Decision): Parameters {
  const parameter: ParametersParameter[] = [
    { name: 'answer', valueCode: answer },
    ...leavesDecided(root).map(criterionPart),
  ];
  return { resourceType: 'Parameters', id: 'answer', parameter };
}

function criterionPart(decided: Decided & { criterion: Leaf }): ParametersParameter {
  const { criterion, finding, rests, considered } = decided;
  return {
    name: 'criterion',
    part: [
      { name: 'code', valueCode: criterion.code },
      { name: 'title', valueString: criterion.title },
      { name: 'finding', valueCode: finding },
      { name: 'type', valueCode: criterion.type },
      ...rests.map(fact => ({ name: 'fact', valueReference: versionOf(fact) })),
      { name: 'considered', valueInteger: considered.length },
      ...(finding === 'missing' ? [{ name: 'missing', valueString: criterion.missing }] : []),
    ],
  };
}

/** A resource at the version that was looked at. */
function versionOf({ resourceType, id, meta }: Resource): Reference {
  const version = meta?.versionId ? `/_history/${meta.versionId}` : '';
  return { reference: `${resourceType}/${id}${version}` };
}

/** What would have to be known: of the criteria that could still decide it. */
function missingOf({ root }: Decision): DataRequirement[] {
  return leavesDecided(root)
    .filter(({ finding }) => finding === 'missing')
    .map(({ criterion }) => criterion.requirement);
}

function labelsOf(facts: readonly Resource[]): Coding[] {
  const codings = facts.flatMap(({ meta }) => meta?.security ?? []).filter(one => labelsAmong([one]).length);
  return [...new Map(codings.map(one => [one.code, one])).values()];
}
