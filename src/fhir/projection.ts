import { asBser } from '../referral/lifecycle/bser-task.ts';
import type { Parts } from './parts.ts';
import type { Stored } from './repository.ts';
import type { Projection } from './search/parsed.ts';
import { project } from './search/project.ts';

/** A resource as `_summary`, `_elements` or `view` asks for it; its own bytes where all of it is asked for. */
export function projectStored(
  { definitions }: Pick<Parts, 'definitions'>,
  stored: Stored,
  projection: Projection,
): Stored {
  const { elements, summary = 'false', view } = projection;
  const seen = view === 'bser' && stored.type === 'Task';
  if ((elements === undefined && summary === 'false' && !seen) || stored.body === '') return stored;
  const { schema } = definitions;
  const resource = seen ? asBser(stored.resource()) : stored.resource();
  const projected = project(resource, projection, type => schema.properties(type));
  return { ...stored, body: JSON.stringify(projected) };
}
