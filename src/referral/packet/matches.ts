import type { CodeableConcept, Coding, Resource } from '@medplum/fhirtypes';
import { type Matcher, type PacketRules, packetRules } from './rules.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Elements whose codes say what a resource is. */
const telling = ['code', 'type', 'category', 'scope'] as const;

/** Whether a resource is what is meant, and was ever true. */
export function matches(
  resource: Resource,
  matcher: Matcher,
  rules: Pick<PacketRules, 'notTrue'> = packetRules,
): boolean {
  if (resource.resourceType !== matcher.type || !isTrue(resource, rules)) return false;
  const fields = resource as unknown as Fields;
  return (
    hasCode(fields, matcher.codes) &&
    hasElements(fields, matcher.elements) &&
    answers(fields, matcher.questionnaires, matcher.questionnaire)
  );
}

/**
 * Whether a resource says what is so: not what was entered in error, denied, or never came to be. The request and the
 * person stand for themselves: a draft of a request still has its reason.
 */
export function isTrue(resource: Resource, { notTrue }: Pick<PacketRules, 'notTrue'> = packetRules): boolean {
  if (resource.resourceType === 'ServiceRequest' || resource.resourceType === 'Patient') return true;
  const fields = resource as unknown as Fields;
  if (resource.resourceType === 'QuestionnaireResponse' && fields.status === 'in-progress') return false;
  const verification = codings(fields.verificationStatus).map(({ code }) => code);
  return ![fields.status, ...verification].some(one => typeof one === 'string' && isFalse(one, notTrue));
}

const isFalse = (status: string, notTrue: readonly string[]): boolean =>
  notTrue.includes(status) || status === 'refuted';

function hasCode(fields: Fields, wanted: readonly string[] | undefined): boolean {
  if (!wanted) return true;
  const said = telling
    .flatMap(name => codings(fields[name]))
    .map(({ system = '', code = '' }) => `${system}|${code}`);
  return wanted.some(one => said.some(own => own === one || (one.endsWith('|') && own.startsWith(one))));
}

/** The codings of an element that is a concept, or a list of them. */
export function codings(value: unknown): Coding[] {
  const concepts = (Array.isArray(value) ? value : [value]) as (CodeableConcept | undefined)[];
  return concepts.flatMap(concept => (typeof concept === 'object' ? (concept.coding ?? []) : []));
}

const hasElements = (fields: Fields, groups: readonly string[] | undefined): boolean =>
  (groups ?? []).every(group => group.split('|').some(name => isThere(fields[name])));

const isThere = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : value !== undefined && value !== '';

function answers(fields: Fields, names: readonly string[] | undefined, whole: string | undefined): boolean {
  if (!names && whole === undefined) return true;
  const [canonical = ''] = typeof fields.questionnaire === 'string' ? fields.questionnaire.split('|') : [];
  if (whole !== undefined && canonical !== whole) return false;
  return !names || names.includes(canonical.split('/').at(-1) ?? '');
}

/** Where a resource says of when it is, in the order in which that is believed. */
const dates = [
  'effectiveDateTime',
  'effectiveInstant',
  'authored',
  'occurrenceDateTime',
  'date',
  'dateTime',
  'dateAsserted',
  'authoredOn',
  'recordedDate',
  'issued',
] as const;

/** When it was found or written, as far as it says so. */
export function dateOf(resource: Resource): string | undefined {
  const fields = resource as unknown as Fields;
  const found = dates.map(name => fields[name]).find(value => typeof value === 'string');
  if (found !== undefined) return found as string;
  const period = fields.effectivePeriod as { start?: string; end?: string } | undefined;
  return period?.end ?? period?.start;
}
