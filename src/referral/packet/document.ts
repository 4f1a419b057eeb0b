import type {
  Bundle,
  Coding,
  Composition,
  CompositionSection,
  Patient,
  Resource,
  ServiceRequest,
} from '@medplum/fhirtypes';
import type { Gap } from './gaps.ts';
import { type Names, namesOf, withNames } from './names.ts';
import { gapSection, sectionsOf, textSection } from './sections.ts';

export interface PacketSources {
  request: ServiceRequest;
  /** What the caller may see of what was attached: the request and the person among them. */
  attached: readonly Resource[];
  /** What those refer to and everybody knows: organizations, people who treat, medications. */
  known: readonly Resource[];
  /** What codes that say no words are called, by `system|code`: for the narratives. */
  displays?: Names;
  /** How much of what was attached is not there for the caller. */
  leftOut: number;
  gaps: readonly Gap[];
  /** Notices that go with it, and on what it rests. */
  notices: readonly string[];
  security: readonly Coding[];
  /** Who sends it: `Organization/id`. */
  author: string;
  /** FHIR base of the hub. */
  base: string;
  /** A UUID: the same content at the same moment is the same document. */
  uuid: string;
  now: Date;
}

/** The packet as a FHIR document (https://hl7.org/fhir/R4/documents.html). */
export function packetDocument(sources: PacketSources): Bundle {
  const { attached, known, base, uuid, now, security } = sources;
  const inside = new Set([...attached, ...known].map(keyOf));
  const entries = [...attached, ...known].map(one => ({
    fullUrl: `${base}/${keyOf(one)}`,
    resource: subset(one, inside),
  }));
  return {
    resourceType: 'Bundle',
    ...(security.length ? { meta: { security: [...security] } } : {}),
    identifier: { system: 'urn:ietf:rfc:3986', value: `urn:uuid:${uuid}` },
    type: 'document',
    timestamp: now.toISOString(),
    entry: [{ fullUrl: `urn:uuid:${uuid}`, resource: composition(sources) }, ...entries],
  };
}

const keyOf = (resource: Resource): string => `${resource.resourceType}/${resource.id}`;

function composition(sources: PacketSources): Composition {
  const { request, uuid, now, author, leftOut, gaps, notices, security } = sources;
  const inside = new Set(sources.attached.map(keyOf));
  // What cannot be shown is not read either, not even as the display of a reference.
  const names = new Map([...(sources.displays ?? []), ...namesOf(sources.known)]);
  const shown = sources.attached.map(one => withNames(subset(one, inside), names));
  const section: CompositionSection[] = [
    ...sectionsOf(shown, request),
    ...gapSection(gaps),
    ...textSection('Left out', leftOut ? [leftOutWords(leftOut)] : []),
    ...textSection('Notice', notices),
  ];
  return {
    resourceType: 'Composition',
    id: uuid,
    ...(security.length ? { meta: { security: [...security] } } : {}),
    status: 'final',
    type: { coding: [{ system: 'http://loinc.org', code: '57133-1', display: 'Referral note' }] },
    subject: request.subject,
    date: now.toISOString(),
    author: [{ reference: author }],
    title: titleFor({ attached: sources.attached, request: withNames(request, names) }),
    confidentiality: security.length ? 'R' : 'N',
    section,
  };
}

export const leftOutWords = (count: number): string =>
  count === 1
    ? 'One attachment is not part of this packet: it may not be shown, or is no longer there.'
    : `${count} attachments are not part of this packet: they may not be shown, or are no longer there.`;

function titleFor({ attached, request }: Pick<PacketSources, 'attached' | 'request'>): string {
  const person = attached.find((one): one is Patient => one.resourceType === 'Patient');
  const [name] = person?.name ?? [];
  const who = name?.text ?? [...(name?.given ?? []), name?.family].filter(Boolean).join(' ');
  const what = request.code?.text ?? request.code?.coding?.find(({ display }) => display)?.display;
  return ['Referral', who && `of ${who}`, what && `for ${what}`].filter(Boolean).join(' ');
}

const elsewhere = { display: 'not part of this packet' } as const;

/** A copy in which what is not part of the document is not even named. */
function subset<R extends Resource>(resource: R, inside: ReadonlySet<string>): R {
  const copy = withoutOutside(resource, inside) as R;
  if (copy === resource) return resource;
  const { meta } = copy;
  const tag = [
    ...(meta?.tag ?? []),
    { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' },
  ];
  return { ...copy, meta: { ...meta, tag } };
}

function withoutOutside(value: unknown, inside: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) {
    const inner = value.map(one => withoutOutside(one, inside));
    return inner.some((one, index) => one !== value[index]) ? inner : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  const fields = value as Record<string, unknown>;
  if (isOutside(fields.reference, inside)) return elsewhere;
  let changed: Record<string, unknown> | undefined;
  for (const [key, one] of Object.entries(fields)) {
    const inner = withoutOutside(one, inside);
    if (inner !== one) changed = { ...(changed ?? fields), [key]: inner };
  }
  return changed ?? value;
}

/** Directory entries and definitions are open to everybody. */
const open =
  /^(Organization|Practitioner|PractitionerRole|Location|HealthcareService|Questionnaire|Medication)\//;

function isOutside(reference: unknown, inside: ReadonlySet<string>): boolean {
  if (typeof reference !== 'string' || !/^[A-Z]\w+\//.test(reference) || open.test(reference)) return false;
  return !inside.has(reference.split('/_history')[0] ?? '');
}
