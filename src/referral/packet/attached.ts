import type { HealthcareService, Reference, Resource, ServiceRequest, Task } from '@medplum/fhirtypes';
import { tokens } from '../routing/codes.ts';
import { serviceTypes } from '../routing/service-types.ts';

/** Looks a resource up by `Type/id`; undefined when it is absent, or is not for who asks. */
export type Read = (reference: string) => Promise<Resource | undefined>;

/** `Type/id` of everything that goes with a request: itself the first, the person, and what the sender attached. */
export function attachedTo(request: ServiceRequest, tasks: readonly Pick<Task, 'input'>[]): string[] {
  const inputs = tasks.flatMap(({ input = [] }) => input.map(one => one.valueReference));
  const all: (Reference | undefined)[] = [
    request.subject,
    ...(request.reasonReference ?? []),
    ...(request.supportingInfo ?? []),
    ...(request.insurance ?? []),
    ...inputs,
  ];
  const own = request.id ? [`ServiceRequest/${request.id}`] : [];
  const named = all.flatMap(one => one?.reference?.split('/_history')[0] ?? []);
  return [...new Set([...own, ...named])].filter(isOfTheRecord);
}

/** The directory goes with nothing: everybody reads it. */
const isOfTheRecord = (reference: string): boolean =>
  !['Organization', 'HealthcareService', 'Location', 'PractitionerRole', 'Practitioner'].includes(
    reference.split('/')[0] ?? '',
  );

/** What of these is there for who asks, in their order, and how much is not. */
export async function readAttached(
  references: readonly string[],
  read: Read,
): Promise<{ found: Resource[]; leftOut: number }> {
  const all = await Promise.all(references.map(read));
  const found = all.filter(one => one !== undefined);
  return { found, leftOut: references.length - found.length };
}

/** `HealthcareService/id` of the services that a referral names: who is asked, what was offered, who performs. */
export function servicesNamed(request: ServiceRequest, tasks: readonly Task[]): string[] {
  const named = [
    ...tasks.flatMap(({ owner, input = [] }) => [owner, ...input.map(one => one.valueReference)]),
    ...(request.performer ?? []),
  ];
  const references = named.flatMap(one => one?.reference ?? []);
  return [...new Set(references.filter(one => one.startsWith('HealthcareService/')))];
}

/** Where nobody names a service: those of the organization asked that offer what is asked for. */
export function servicesMeant(
  request: ServiceRequest,
  offered: readonly HealthcareService[],
): HealthcareService[] {
  const wanted = new Set(serviceTypes(request));
  return offered.filter(
    ({ active, type = [], specialty = [] }) =>
      active !== false && tokens(...type, ...specialty).some(one => wanted.has(one)),
  );
}
