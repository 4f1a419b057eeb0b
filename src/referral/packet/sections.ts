import type { CompositionSection, Reference, Resource, ServiceRequest } from '@medplum/fhirtypes';
import { describe } from './describe.ts';
import type { Gap } from './gaps.ts';
import { isTrue, matches } from './matches.ts';
import { narrative } from './narrative.ts';
import { type PacketRules, packetRules, type SectionRule } from './rules.ts';

const loinc = 'http://loinc.org';

/** Each resource of the packet, in the section where people look for it. */
export function sectionsOf(
  resources: readonly Resource[],
  request: ServiceRequest,
  rules: PacketRules = packetRules,
): CompositionSection[] {
  const places = resources.map(one => placeOf(one, rules));
  return rules.sections.map((section, index) => {
    const own = resources.filter((_, at) => places[at] === index);
    const made = sectionOf(section, own);
    return index === 0 ? { ...made, section: [necessity(resources, request)] } : made;
  });
}

/** Where nothing says otherwise, a resource is one of the further documents: the last section. */
function placeOf(resource: Resource, rules: PacketRules): number {
  const found = rules.sections.findIndex(
    ({ types, items }) =>
      types?.includes(resource.resourceType) ||
      items?.some(item => rules.items[item]?.is.some(matcher => matches(resource, matcher, rules))),
  );
  return found === -1 ? rules.sections.length - 1 : found;
}

function sectionOf({ code, title }: SectionRule, resources: readonly Resource[]): CompositionSection {
  const named = { title, code: { coding: [{ system: loinc, code }] } };
  if (!resources.length) return { ...named, ...nothing };
  return { ...named, text: narrative(resources.map(describe)), entry: resources.map(referenceOf) };
}

/** Not there and not to be shown are the same. */
const nothing: Pick<CompositionSection, 'text' | 'emptyReason'> = {
  text: narrative(['Nothing of this is part of the packet.']),
  emptyReason: {
    coding: [
      {
        system: 'http://terminology.hl7.org/CodeSystem/list-empty-reason',
        code: 'unavailable',
        display: 'Unavailable',
      },
    ],
  },
};

/** Why the service is necessary: the facts that the request itself rests on. */
function necessity(
  resources: readonly Resource[],
  { reasonReference = [] }: ServiceRequest,
): CompositionSection {
  const reasons = new Set(reasonReference.map(({ reference }) => reference?.split('/_history')[0]));
  const named = resources.filter(one => reasons.has(`${one.resourceType}/${one.id}`));
  const facts = named.filter(one => isTrue(one));
  const title = 'Medical necessity: the facts that support it';
  if (!facts.length) return { title, ...nothing };
  return {
    title,
    text: narrative(facts.map(one => describe(one).title)),
    entry: facts.map(referenceOf),
  };
}

/** What the receiver asked for and did not get, with the sender's reasons. */
export function gapSection(gaps: readonly Gap[]): CompositionSection[] {
  if (!gaps.length) return [];
  const lines = gaps.map(({ title, reason, supplied }) => {
    const why = reason?.text ?? reason?.coding?.[0]?.display ?? 'no reason was given';
    return `${title}: ${why}${supplied ? ` (added ${supplied})` : ''}`;
  });
  return [{ title: 'Missing when it was sent', text: narrative(lines) }];
}

export const textSection = (title: string, paragraphs: readonly string[]): CompositionSection[] =>
  paragraphs.length ? [{ title, text: narrative(paragraphs) }] : [];

const referenceOf = (resource: Resource): Reference => ({
  reference: `${resource.resourceType}/${resource.id}`,
});
