import type { ServiceRequest, Task } from '@medplum/fhirtypes';
import type { WriteOperation } from '../../fhir/repository.ts';

/** An update that stands only on the version it was planned from: on any other it is to be planned again. */
export function changed<R extends Task | ServiceRequest>(resource: R, change: Partial<R>): WriteOperation {
  const { resourceType: type, id, meta } = resource;
  if (!id || !meta?.versionId) {
    throw new Error(`${type} without an id and a version cannot be changed`);
  }
  return { kind: 'update', type, id, resource: { ...resource, ...change }, ifMatch: `W/"${meta.versionId}"` };
}
