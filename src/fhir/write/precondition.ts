import { HubError } from '../../errors.ts';
import type { Located } from '../../store/types.ts';
import type { WriteOperation } from '../repository.ts';
import { keyOf } from './item.ts';

/** https://hl7.org/fhir/R4/http.html#concurrency */
export function checkIfMatch(operation: WriteOperation, located: Located): void {
  if (operation.kind === 'create' || operation.ifMatch === undefined) return;
  if (operation.ifMatch.trim() === '*' || tags(operation.ifMatch).includes(String(located.ver))) return;
  throw new HubError('precondition-failed', {
    text: `${keyOf(located)} is at version ${located.ver} now, not ${operation.ifMatch}: read it again and decide anew.`,
  });
}

/** A version that is named, where there is nothing (for the caller). */
export function checkNotExpected(operation: WriteOperation, type: string): void {
  if (operation.kind === 'create' || operation.ifMatch === undefined) return;
  throw new HubError('precondition-failed', `If-Match names a version, but there is no such ${type}.`);
}

const tags = (header: string): string[] =>
  [...header.matchAll(/(?:W\/)?"([^"]*)"/g)].map(match => match[1] as string);
