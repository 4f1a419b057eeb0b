import type { HealthcareService, Location, Organization } from '@medplum/fhirtypes';
import type { Need } from './candidate.ts';
import { type Directory, type ServiceFacts, serviceFacts } from './facts.ts';
import { findServices } from './find-services.ts';
import { inChunks, query, type RoutingReader } from './reader.ts';

/** The services that could be asked for a need, with what the directory says of them; `left`: not looked at. */
export async function servicesFor(
  reader: RoutingReader,
  need: Need,
): Promise<{ services: ServiceFacts[]; left: number }> {
  const { services, left } = await findServices(reader, need);
  const directory = await directoryOf(reader, services);
  const facts = services.map(service => serviceFacts(service, directory));
  return { services: facts.filter(one => one !== undefined), left };
}

/** The organizations and places that services name. */
export async function directoryOf(
  reader: RoutingReader,
  services: readonly HealthcareService[],
): Promise<Directory> {
  const organizations = services.map(service => service.providedBy?.reference);
  const places = services.flatMap(({ location = [], coverageArea = [] }) =>
    [...location, ...coverageArea].map(one => one.reference),
  );
  const entries = [
    ...(await allOf<Organization>(reader, 'Organization', organizations)),
    ...(await allOf<Location>(reader, 'Location', places)),
  ].map((entry): [string, Organization | Location] => [`${entry.resourceType}/${entry.id}`, entry]);
  return new Map(entries);
}

async function allOf<R extends Organization | Location>(
  reader: RoutingReader,
  type: R['resourceType'],
  references: readonly (string | undefined)[],
): Promise<R[]> {
  const ids = references.flatMap(reference => {
    const [named, id] = reference?.split('/') ?? [];
    return named === type && id ? [id] : [];
  });
  const pages = inChunks([...new Set(ids)]).map(chunk => reader.search<R>(type, query({ _id: chunk })));
  return (await Promise.all(pages)).flat();
}
