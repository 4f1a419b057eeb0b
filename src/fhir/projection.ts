import type { Parts } from './parts.ts';
import type { Stored } from './repository.ts';
import type { Projection } from './search/parsed.ts';
import { project } from './search/project.ts';

/** A resource as `_summary` or `_elements` asks for it; its own bytes where all of it is asked for. */
export function projectStored(
  { definitions }: Pick<Parts, 'definitions'>,
  stored: Stored,
  projection: Projection,
): Stored {
  const whole = projection.elements === undefined && (projection.summary ?? 'false') === 'false';
  if (whole || stored.body === '') return stored;
  const { schema } = definitions;
  const projected = project(stored.resource(), projection, type => schema.properties(type));
  return { ...stored, body: JSON.stringify(projected) };
}
