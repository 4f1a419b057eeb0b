import type {
  CodeableConcept,
  Coding,
  HealthcareService,
  Reference,
  Resource,
  ServiceRequest,
} from '@medplum/fhirtypes';
import gapReasonCodes from '../../../../terminology/packet-gap-reason.json' with { type: 'json' };
import { materialOf } from '../../../fhir/operations/packet-check.ts';
import { heldOf } from '../../../fhir/operations/packet-material.ts';
import type { Parts } from '../../../fhir/parts.ts';
import type { Repository } from '../../../fhir/repository.ts';
import { type Checked, checkPacket } from '../../../referral/packet/check.ts';
import { type Need, needsOf } from '../../../referral/packet/needs.ts';
import { packetSystem } from '../../../referral/packet/rules.ts';
import type { Draft } from './draft.ts';
import { type Askable, questionnairesFor } from './instruments.ts';
import { without } from './wanted.ts';

/** What goes with a draft, compared with what those ask for who would read it. */
export interface PacketState {
  services: readonly HealthcareService[];
  checked: readonly Checked[];
  /** All that is attached, but for the request and the person. */
  attached: readonly Resource[];
  /** Documents of the person that could be attached. */
  others: readonly Resource[];
  /** Questions whose answers are what is needed, by `Need.key`. */
  questions: ReadonlyMap<string, readonly Askable[]>;
}

interface Source {
  parts: Parts;
  repository: Repository;
}

/** @param asked logical ids of HealthcareServices */
export async function packetOf(source: Source, draft: Draft, asked: readonly string[]): Promise<PacketState> {
  const { request, task } = draft;
  const services = await servicesOf(source.repository, asked);
  const needs = needsOf(services);
  const patient = request.subject.reference ?? '';
  const [material, documents] = await Promise.all([
    materialOf(source, { request, tasks: [task], inputs: [] }, needs),
    heldOf(source.repository, patient, ['DocumentReference']),
  ]);
  const checked = checkPacket(needs, material);
  const own = ['ServiceRequest', 'Patient'];
  const attached = material.attached.filter(({ resourceType }) => !own.includes(resourceType));
  const told = new Set([...attached, ...checked.flatMap(({ evidence }) => evidence)].map(referenceTo));
  const others = documents.filter(one => !told.has(referenceTo(one)));
  const asking = needs.map(
    async need => [need.key, await questionnairesFor(source.repository, need)] as const,
  );
  const questions = new Map(await Promise.all(asking));
  return {
    services,
    checked: checked.map(one => ({ ...one, need: called(one.need, questions.get(one.need.key)) })),
    attached,
    others,
    questions,
  };
}

async function servicesOf(repository: Repository, asked: readonly string[]): Promise<HealthcareService[]> {
  if (asked.length === 0) return [];
  const query = new URLSearchParams({ _id: asked.join(','), _count: String(asked.length) });
  const { entries } = await repository.search('HealthcareService', query);
  return entries
    .filter(({ mode }) => mode === 'match')
    .map(({ stored }) => stored.resource() as HealthcareService);
}

/** A Questionnaire is called by its title. */
function called(need: Need, [asked]: readonly Askable[] = []): Need {
  return need.questionnaire === undefined || !asked ? need : { ...need, title: `Answers to ${asked.title}` };
}

export const referenceTo = ({ resourceType, id }: Resource): string => `${resourceType}/${id}`;

/** The request with these attached, each where FHIR has a place for it. */
export function withAttached(request: ServiceRequest, references: readonly string[]): ServiceRequest {
  const of = (type: string) => references.filter(one => one.startsWith(`${type}/`));
  const others = references.filter(one => !/^(Coverage|Condition)\//.test(one));
  return without({
    ...request,
    insurance: merged(request.insurance, of('Coverage')),
    reasonReference: merged(request.reasonReference, of('Condition')),
    supportingInfo: merged(request.supportingInfo, others),
  });
}

function merged<R extends Reference>(known: readonly R[] = [], added: readonly string[]): R[] {
  const fresh = added.filter(one => !known.some(({ reference }) => reference === one));
  return [...known, ...fresh.map(reference => ({ reference }) as R)];
}

/** The request without this one attached. */
export function withoutAttached(request: ServiceRequest, reference: string): ServiceRequest {
  const left = <R extends Reference>(known: readonly R[] = []) =>
    known.filter(one => one.reference !== reference);
  return without({
    ...request,
    insurance: left(request.insurance),
    reasonReference: left(request.reasonReference),
    supportingInfo: left(request.supportingInfo),
  });
}

/** Why something is missing, by its code. */
export const gapReasons = gapReasonCodes.concept.map(({ code, display }) => ({ code, display }));

/** The reason for sending without something; undefined where none is given, or none that says anything. */
export function gapReasonOf(code: string, text: string): CodeableConcept | undefined {
  const known = gapReasons.find(one => one.code === code);
  if (!known || (code === 'other' && text === '')) return undefined;
  return {
    coding: [{ system: packetSystem.gapReason, code, display: known.display }],
    text: text || known.display,
  };
}

/** The type of a document that is what is needed; undefined where no document is. */
export function documentTypeOf({ is, title }: Need): Coding | undefined {
  const [wanted] = is.flatMap(one => (one.type === 'DocumentReference' ? (one.codes ?? []) : []));
  if (wanted === undefined) return undefined;
  const at = wanted.indexOf('|');
  return { system: wanted.slice(0, at), code: wanted.slice(at + 1), display: title };
}
