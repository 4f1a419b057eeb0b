import type { Resource } from '@medplum/fhirtypes';
import type { StoredVersion } from '../store/types.ts';
import type { Parts } from './parts.ts';
import type { Stored } from './repository.ts';
import type { Projection } from './search/parsed.ts';
import { project } from './search/project.ts';
import { storedOf } from './stored.ts';

/** A stored version as `_summary` or `_elements` asks for it; its own bytes where all of it is asked for. */
export function projectStored(parts: Parts, version: StoredVersion, projection: Projection): Stored {
  const whole = projection.elements === undefined && (projection.summary ?? 'false') === 'false';
  if (whole || version.body === null) return storedOf(version);
  const { schema } = parts.definitions;
  const projected = project(JSON.parse(version.body) as Resource, projection, type =>
    schema.properties(type),
  );
  return storedOf({ ...version, body: JSON.stringify(projected) });
}
