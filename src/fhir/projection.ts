import type { Resource } from '@medplum/fhirtypes';
import { asHsds, isGuideType } from '../exchange/hsds/guide/view.ts';
import { asBser } from '../referral/lifecycle/bser-task.ts';
import type { Parts } from './parts.ts';
import type { Stored } from './repository.ts';
import type { Projection, View } from './search/parsed.ts';
import { project } from './search/project.ts';

/** What a view shows differently, and how. */
const views: Record<View, { shows(type: string): boolean; as(resource: Resource): Resource }> = {
  bser: { shows: type => type === 'Task', as: asBser },
  hsds: { shows: isGuideType, as: asHsds },
};

/** A resource as `_summary`, `_elements` or `view` asks for it; its own bytes where all of it is asked for. */
export function projectStored(
  { definitions }: Pick<Parts, 'definitions'>,
  stored: Stored,
  projection: Projection,
): Stored {
  const { elements, summary = 'false' } = projection;
  const view = projection.view && views[projection.view];
  const seen = view?.shows(stored.type) ? view : undefined;
  if ((elements === undefined && summary === 'false' && !seen) || stored.body === '') return stored;
  const { schema } = definitions;
  const resource = stored.resource();
  const projected = project(seen ? seen.as(resource) : resource, projection, type => schema.properties(type));
  return { ...stored, body: JSON.stringify(projected) };
}
