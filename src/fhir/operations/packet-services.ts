import type { HealthcareService, PractitionerRole, ServiceRequest, Task } from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import { servicesMeant, servicesNamed } from '../../referral/packet/attached.ts';
import type { Parts } from '../parts.ts';
import type { Repository } from '../repository.ts';
import { readIfThere } from './packet-material.ts';

interface Source {
  parts: Pick<Parts, 'hubOrganization'>;
  repository: Repository;
}

interface Referral {
  request: ServiceRequest;
  tasks: readonly Task[];
}

const mostServices = 50;

/** These services (`HealthcareService/id`) of the directory. HubError where one is none, or there are too many. */
export async function servicesCalled(
  references: readonly string[],
  { repository }: Source,
): Promise<HealthcareService[]> {
  if (references.length > mostServices)
    throw new HubError('invalid', {
      text: `packet-check compares with at most ${mostServices} services at once: ask again for the others.`,
      expression: "Parameters.parameter.where(name = 'service')",
    });
  const found = await Promise.all(references.map(one => readIfThere(repository, one)));
  return found.map((one, index) => {
    const service = one?.resource();
    if (service?.resourceType === 'HealthcareService') return service as HealthcareService;
    throw new HubError('not-found', {
      text: `There is no ${references[index]}: service names a HealthcareService of the directory.`,
      expression: "Parameters.parameter.where(name = 'service')",
    });
  });
}

/** The services with whose needs this referral is compared when it is sent: those named, else those meant. */
export async function servicesAsked(referral: Referral, source: Source): Promise<HealthcareService[]> {
  const { request, tasks } = referral;
  const named = await servicesCalled(servicesNamed(request, tasks), source);
  const answered = new Set(named.map(({ providedBy }) => providedBy?.reference));
  const asked = (await organizationsAsked(referral, source)).filter(one => !answered.has(one));
  const meant = await Promise.all(asked.map(one => offeredBy(one, request, source)));
  return [...named, ...meant.flat()].slice(0, mostServices);
}

async function organizationsAsked({ request, tasks }: Referral, source: Source): Promise<string[]> {
  const parties = [...tasks.map(({ owner }) => owner), ...(request.performer ?? [])];
  const references = [...new Set(parties.flatMap(one => one?.reference ?? []))];
  const all = await Promise.all(references.map(one => organizationOf(one, source)));
  // What the hub is asked goes on to somebody who is not known yet.
  const hub = `Organization/${source.parts.hubOrganization}`;
  return [...new Set(all)].filter(one => one !== undefined && one !== hub) as string[];
}

async function organizationOf(reference: string, { repository }: Source): Promise<string | undefined> {
  if (reference.startsWith('Organization/')) return reference;
  if (!reference.startsWith('PractitionerRole/')) return undefined;
  const role = (await readIfThere(repository, reference))?.resource() as PractitionerRole | undefined;
  return role?.organization?.reference;
}

async function offeredBy(
  organization: string,
  request: ServiceRequest,
  { repository }: Source,
): Promise<HealthcareService[]> {
  const query = new URLSearchParams({ organization, _count: '200' });
  const { entries } = await repository.search('HealthcareService', query);
  const offered = entries.filter(({ mode }) => mode === 'match').map(({ stored }) => stored.resource());
  return servicesMeant(request, offered as HealthcareService[]);
}
