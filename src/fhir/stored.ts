import type { Resource } from '@medplum/fhirtypes';
import type { StoredVersion } from '../store/types.ts';
import type { Stored } from './repository.ts';

/** A stored version as the repository gives it: its exact JSON, parsed only when asked. */
export function storedOf(version: StoredVersion): Stored {
  const body = version.body ?? '';
  return {
    type: version.type,
    id: version.id,
    versionId: String(version.ver),
    lastUpdated: new Date(version.at),
    source: version.source,
    origin: version.origin,
    patient: version.patient,
    label: version.label,
    body,
    resource: <R extends Resource>() => JSON.parse(body) as R,
  };
}
