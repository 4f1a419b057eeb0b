import type {
  Bundle,
  BundleEntry,
  Composition,
  Observation,
  Resource,
  ServiceRequest,
  Task,
} from '@medplum/fhirtypes';
import { bserView } from './projections.ts';
import { bserDisplay } from './steps.ts';

/** What a feedback document is made of. */
export interface Feedback {
  task: Task;
  request: ServiceRequest;
  /** The person, the parties and the outputs, as far as whoever asks may see them. */
  others: readonly Resource[];
  /** UUIDs of the document, of its Composition and of its Observation. */
  uuids: { document: string; composition: string; status: string };
  /** The FHIR base, e.g. `https://hub.example/fhir`. */
  base: string;
}

const system = {
  loinc: 'http://loinc.org',
  snomed: 'http://snomed.info/sct',
  bser: 'http://hl7.org/fhir/us/bser/CodeSystem/BSeR',
  gravity: 'http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes',
} as const;

/** The feedback of a completed referral as BSeR's document (http://hl7.org/fhir/us/bser). */
export function feedbackDocument(feedback: Feedback): Bundle {
  const { task, request, others, uuids, base } = feedback;
  const at = task.lastModified ?? task.meta?.lastUpdated ?? task.authoredOn ?? '';
  const inner = (uuid: string, resource: Resource): BundleEntry => ({
    fullUrl: `urn:uuid:${uuid}`,
    resource,
  });
  const stored = (resource: Resource): BundleEntry => ({
    fullUrl: `${base}/${resource.resourceType}/${resource.id}`,
    resource,
  });
  return {
    resourceType: 'Bundle',
    id: uuids.document,
    identifier: { system: 'urn:ietf:rfc:3986', value: `urn:uuid:${uuids.document}` },
    type: 'document',
    timestamp: at,
    entry: [
      inner(uuids.composition, composition(feedback, at)),
      inner(uuids.status, activityStatus(task, at)),
      ...[task, request, ...others].map(stored),
    ],
  };
}

function composition({ task, request, others, uuids }: Feedback, at: string): Composition {
  const there = new Set(others.map(one => `${one.resourceType}/${one.id}`));
  const outputs = (task.output ?? []).flatMap(one => one.valueReference ?? []);
  const shown = outputs.filter(one => there.has(one.reference ?? ''));
  return {
    resourceType: 'Composition',
    id: uuids.composition,
    status: 'final',
    type: { coding: [{ system: system.loinc, code: '11488-4', display: 'Consult note' }] },
    ...(task.for ? { subject: task.for } : {}),
    date: at,
    author: [task.owner ?? { display: 'Not named' }] as Composition['author'],
    title: 'Referral feedback',
    section: [
      {
        title: 'Referral Service Request Feedback Summary',
        code: {
          coding: [
            {
              system: system.bser,
              code: 'RSRFS',
              display: 'CompositionSectionReferralServiceRequestFeedbackSummary',
            },
          ],
        },
        focus: { reference: `ServiceRequest/${request.id}` },
        text: narrative([statusWords(task), ...(task.note ?? []).map(one => one.text ?? '')]),
        entry: [{ reference: `urn:uuid:${uuids.status}` }, { reference: `Task/${task.id}` }],
      },
      ...(shown.length > 0
        ? [
            {
              title: 'What came of the referral',
              code: {
                coding: [
                  { system: system.gravity, code: 'resulting-activity', display: 'Resulting Activity' },
                ],
              },
              entry: shown,
            },
          ]
        : []),
    ],
  };
}

/** BSeR-ReferralActivityStatus: the state of the request as who works on it sees it. */
const activityStatus = (task: Task, at: string): Observation => ({
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: system.snomed, code: '385641008', display: 'Action status' }] },
  ...(task.for ? { subject: task.for as NonNullable<Observation['subject']> } : {}),
  effectiveDateTime: at,
  valueString: statusWords(task),
});

function statusWords(task: Task): string {
  const { status, code } = bserView(task);
  return code ? `${status}: ${bserDisplay[code]} (${code})` : status;
}

const narrative = (paragraphs: readonly string[]): NonNullable<Composition['text']> => ({
  status: 'generated',
  div: `<div xmlns="http://www.w3.org/1999/xhtml">${paragraphs
    .filter(Boolean)
    .map(one => `<p>${escaped(one)}</p>`)
    .join('')}</div>`,
});

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, one => entities[one] ?? one);
