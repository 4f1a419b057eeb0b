import { HubError } from '../errors.ts';
import type { Parts } from './parts.ts';

/** https://hl7.org/fhir/R4/http.html : an unknown resource type is a 404. */
export function requireType(parts: Pick<Parts, 'definitions'>, type: string): void {
  if (parts.definitions.resourceTypes.has(type)) return;
  throw new HubError('not-found', `There is no resource type "${type.slice(0, 64)}" in FHIR R4.`);
}
