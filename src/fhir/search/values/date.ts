import type { RangeValue } from '../../../store/search/types.ts';
import { dateRange } from '../../definitions/dates.ts';
import { splitPrefix } from './prefix.ts';

/**
 * A date with its implicit range, in epoch milliseconds (https://hl7.org/fhir/R4/search.html#date): `2026-03` is
 * the whole of March. `ap` widens it by a tenth of its distance from now. Undefined when it is no date.
 */
export function dateValue(text: string, now: number): RangeValue | undefined {
  const [prefix, rest] = splitPrefix(text);
  // The `+` of a time zone that was not percent-encoded arrives as a space.
  const range = dateRange(rest.replace(/ (?=\d\d:\d\d$)/, '+'));
  if (!range || prefix !== 'ap') return range && { prefix, ...range };
  const tenth = Math.floor(Math.abs(now - range.lo) / 10);
  return { prefix, lo: range.lo - tenth, hi: range.hi + tenth };
}
