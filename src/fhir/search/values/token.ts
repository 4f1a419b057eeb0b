import type { TokenValue } from '../../../store/search/types.ts';
import { clip } from '../../index/normalize.ts';
import { splitAt, unescapeValue } from './separators.ts';

/**
 * `code`, `system|code`, `|code` (no system) or `system|` (https://hl7.org/fhir/R4/search.html#token).
 * Codes are compared as they are written. Undefined when it is none of these.
 */
export function tokenValue(text: string): TokenValue | undefined {
  const parts = splitAt('|', text).map(part => clip(unescapeValue(part)));
  const [first = '', second] = parts;
  if (parts.length > 2) return undefined;
  if (second === undefined) return first ? { sys: null, code: first } : undefined;
  if (first === '' && second === '') return undefined;
  return { sys: first, code: second === '' ? null : second };
}
