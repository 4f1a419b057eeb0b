import type { Reader } from '../../fhir/reader.ts';
import type { DueRules } from '../lifecycle/due.ts';

/** What reading for routing asks for; a bot's API is one. */
export interface RoutingReader extends Reader {
  /** How long answers may take; as shipped unless said. */
  rules?: { due: DueRules };
}

/** A query string; lists are alternatives, and their values are escaped (https://hl7.org/fhir/R4/search.html#escaping). */
export function query(parameters: Record<string, string | readonly string[]>): string {
  const entries = Object.entries(parameters).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : value.map(one => one.replace(/[\\,$]/g, '\\$&')).join(','),
  ]);
  return new URLSearchParams(Object.fromEntries(entries)).toString();
}

/** Values in one query; longer lists are asked in several. */
const mostValues = 50;

export function inChunks<T>(values: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(values.length / mostValues) }, (_, index) =>
    values.slice(index * mostValues, (index + 1) * mostValues),
  );
}
