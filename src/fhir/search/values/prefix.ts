import type { RangeValue } from '../../../store/search/types.ts';

export type Prefix = RangeValue['prefix'];

export const prefixes: readonly Prefix[] = ['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'];

/** The prefix of an ordered value (https://hl7.org/fhir/R4/search.html#prefix), `eq` when it has none. */
export function splitPrefix(text: string): [prefix: Prefix, rest: string] {
  const prefix = prefixes.find(name => text.startsWith(name));
  return prefix ? [prefix, text.slice(2)] : ['eq', text];
}
