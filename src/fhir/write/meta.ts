import { isDeepStrictEqual } from 'node:util';
import type { Meta, Resource } from '@medplum/fhirtypes';

/** The resource as it will be stored: ids and versions are the hub's, the rest of `meta` is the sender's. */
export function stamp(resource: Resource, id: string, ver: number, at: Date): Resource {
  const { resourceType, id: _id, meta, ...rest } = resource as Resource & { meta?: Meta };
  const { versionId: _versionId, lastUpdated: _lastUpdated, ...kept } = meta ?? {};
  return {
    resourceType,
    id,
    meta: { versionId: String(ver), lastUpdated: at.toISOString(), ...kept },
    ...rest,
  } as Resource;
}

/** Whether an update changes nothing: an identical update keeps its version. */
export function sameContent(before: Resource, after: Resource): boolean {
  return isDeepStrictEqual(content(before), content(after));
}

function content(resource: Resource): unknown {
  const { meta, ...rest } = resource as Resource & { meta?: Meta };
  const { versionId: _versionId, lastUpdated: _lastUpdated, ...kept } = meta ?? {};
  return { ...rest, meta: kept };
}
