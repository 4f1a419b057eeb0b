import type { Location } from '@medplum/fhirtypes';
import { HubError } from '../errors.ts';
import type { Change, WriteRule } from '../fhir/write/rules.ts';
import { boundaryOf, boundaryUrl } from './boundary.ts';

/** An outline that cannot be read draws nothing: routing would not know where the area is, and nobody that it does not. */
export const boundaryRule: WriteRule = {
  types: ['Location'],
  async apply({ after, actor }: Change) {
    const { extension = [] } = (after ?? {}) as Location;
    const index = extension.findIndex(({ url }) => url === boundaryUrl);
    if (actor.importing || index === -1 || boundaryOf({ extension })) return {};
    throw new HubError('unprocessable', {
      text: 'The outline must be GeoJSON (RFC 7946) in valueAttachment.data, in base64: a Polygon or MultiPolygon, alone or in a Feature, whose rings end where they begin, each position as [longitude, latitude].',
      expression: `Location.extension[${index}]`,
    });
  },
};
