import type { Meta, Reference, ServiceRequest, Task } from '@medplum/fhirtypes';
import { system } from '../../fhir/canonical.ts';
import type { Candidate } from './candidate.ts';
import { concept, routingSystem } from './codes.ts';
import { explainToAsked } from './explain.ts';
import { isRoutingInput } from './need.ts';
import type { Ranked } from './rank.ts';

/** What the hub's own request takes over from the source's, as it is. */
const carried = [
  'category',
  'priority',
  'code',
  'orderDetail',
  'quantityQuantity',
  'quantityRatio',
  'quantityRange',
  'subject',
  'encounter',
  'occurrenceDateTime',
  'occurrencePeriod',
  'occurrenceTiming',
  'performerType',
  'locationCode',
  'locationReference',
  'reasonCode',
  'reasonReference',
  'insurance',
  'supportingInfo',
  'bodySite',
  'note',
  'patientInstruction',
] as const satisfies readonly (keyof ServiceRequest)[];

/**
 * The hub's own request, on which the organizations asked work: the source's, as the Coordination Platform
 * passes it on (https://hl7.org/fhir/us/sdoh-clinicalcare/), with its security labels.
 */
export function fillerRequest(source: ServiceRequest, hub: string, now: Date): ServiceRequest {
  const taken = carried.flatMap(name => (source[name] === undefined ? [] : [[name, source[name]]]));
  return {
    ...Object.fromEntries(taken),
    resourceType: 'ServiceRequest',
    ...metaOf(source),
    status: 'active',
    intent: 'filler-order',
    subject: source.subject,
    basedOn: [{ reference: `ServiceRequest/${source.id}` }],
    authoredOn: now.toISOString(),
    requester: organization(hub),
  };
}

export interface OfferSources {
  /** The source's Task, of which the offer is part. */
  task: Task;
  request: ServiceRequest;
  /** Of the hub's own request: `ServiceRequest/id` or a `urn:uuid:`. */
  filler: string;
  hub: string;
  /** When the offer to one, or to nobody yet, ends without an answer. */
  ends: (asked?: Candidate) => Date;
}

/** The Task that asks one organization. */
export function offerTask(
  entry: Ranked,
  { task, request, filler, hub, ends }: OfferSources,
  now: Date,
): Task {
  const priority = task.priority ?? request.priority;
  return {
    resourceType: 'Task',
    ...metaOf(task),
    basedOn: [{ reference: `ServiceRequest/${request.id}` }],
    partOf: [{ reference: `Task/${task.id}` }],
    status: 'requested',
    intent: 'order',
    ...(priority ? { priority } : {}),
    code: concept(system.taskCode, 'fulfill', 'Fulfill the focal request'),
    description: explainToAsked(entry),
    focus: { reference: filler },
    ...(task.for ? { for: task.for } : {}),
    authoredOn: now.toISOString(),
    requester: organization(hub),
    owner: organization(entry.candidate.organization),
    restriction: { period: { end: ends(entry.candidate).toISOString() } },
    input: [
      ...(task.input ?? []).filter(input => !isRoutingInput(input)),
      {
        type: concept(routingSystem.input, 'offered-service', 'Service asked for'),
        valueReference: {
          reference: `HealthcareService/${entry.candidate.id}`,
          display: entry.candidate.name,
        },
      },
    ],
  };
}

/** The open offer on the shared list: of nobody yet, to be seen and claimed by those who could take it. */
export function listTask(listed: readonly Ranked[], sources: OfferSources, now: Date): Task {
  const { owner: _, input: sent = [], ...open } = offerTask(listed[0] as Ranked, sources, now);
  const input = sent.filter(one => !isRoutingInput(one));
  const recipient = listed.map(({ candidate }) => organization(candidate.organization));
  return {
    ...open,
    description: 'On the shared list of the hub: the first organization to claim it has it.',
    restriction: { period: { end: sources.ends().toISOString() }, recipient },
    ...(input.length > 0 ? { input } : {}),
  };
}

/** Its labels, and Gravity's profiles: by these a recipient looks for its work. */
function metaOf({ meta }: ServiceRequest | Task): { meta?: Meta } {
  const profile = (meta?.profile ?? []).filter(one => one.startsWith(gravity));
  const kept = {
    ...(profile.length > 0 ? { profile } : {}),
    ...(meta?.security?.length ? { security: meta.security } : {}),
  };
  return Object.keys(kept).length > 0 ? { meta: kept } : {};
}

const gravity = 'http://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition/';

function organization(id: string): Reference<never> {
  return { reference: `Organization/${id}` };
}
