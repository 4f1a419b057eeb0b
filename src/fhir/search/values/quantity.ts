import type { QuantityValue } from '../../../store/search/types.ts';
import { clip } from '../../index/normalize.ts';
import { numberRange } from './number.ts';
import { splitAt, unescapeValue } from './separators.ts';

/**
 * `number`, `number|system|code` or `number||code`, with an optional prefix
 * (https://hl7.org/fhir/R4/search.html#quantity). Undefined when it is none of these.
 */
export function quantityValue(text: string): QuantityValue | undefined {
  const parts = splitAt('|', text);
  const [number = '', system = '', code = ''] = parts.map(part => clip(unescapeValue(part)));
  const range = numberRange(number);
  if (!range || (parts.length !== 1 && parts.length !== 3)) return undefined;
  return { ...range, sys: system || null, code: code || null };
}
