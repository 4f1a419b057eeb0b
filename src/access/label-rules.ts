import type { Resource } from '@medplum/fhirtypes';
import rules from '../../terminology/label-rules.json' with { type: 'json' };
import { type Label, labelsAmong, maskOf, restrictedLabels } from './labels.ts';

const actCode = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';

/** What the codes of one system mean. */
interface CodeRules {
  codes: Map<string, number>;
  /** By the prefix itself; `lengths` are those to try. */
  prefixes: Map<string, number>;
  lengths: readonly number[];
}

const types = new Set<string>(rules.types);
const bySystem = compile();

/** Labels whose disclosure forbids to pass on what was disclosed. */
export const noRedisclosure = maskOf(rules.noRedisclosure as Label[]);

/**
 * The labels that the codes of a resource, in any of its elements but `meta`, give it: a bit mask.
 * See terminology/label-rules.json.
 */
export function labelsOfCodes(resource: Resource): number {
  if (!types.has(resource.resourceType)) return 0;
  let mask = 0;
  for (const [name, value] of Object.entries(resource)) {
    if (name !== 'meta' && name !== 'text') mask |= within(value);
  }
  return mask;
}

function within(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let mask = 0;
  if (Array.isArray(value)) {
    for (const one of value) mask |= within(one);
    return mask;
  }
  const { system, code } = value as { system?: unknown; code?: unknown };
  if (typeof system === 'string' && typeof code === 'string') mask |= ofCode(system, code);
  for (const one of Object.values(value)) if (typeof one === 'object') mask |= within(one);
  return mask;
}

function ofCode(system: string, code: string): number {
  if (system === actCode) return maskOf(labelsAmong([{ code }]));
  const known = bySystem.get(system);
  if (!known) return 0;
  let mask = known.codes.get(code) ?? 0;
  for (const length of known.lengths) mask |= known.prefixes.get(code.slice(0, length)) ?? 0;
  return mask;
}

function compile(): Map<string, CodeRules> {
  const compiled = new Map<string, CodeRules>();
  for (const [label, lines] of Object.entries(rules.labels)) {
    const bit = restrictedLabels[label as Label];
    for (const { system, codes = {}, prefixes = {} } of lines as Line[]) {
      const known = compiled.get(system) ?? { codes: new Map(), prefixes: new Map(), lengths: [] };
      for (const code of Object.keys(codes)) add(known.codes, code, bit);
      for (const prefix of Object.keys(prefixes)) add(known.prefixes, prefix, bit);
      const lengths = [...new Set([...known.prefixes.keys()].map(prefix => prefix.length))];
      compiled.set(system, { ...known, lengths });
    }
  }
  return compiled;
}

interface Line {
  system: string;
  codes?: Record<string, string>;
  prefixes?: Record<string, string>;
}

function add(map: Map<string, number>, key: string, bit: number): void {
  map.set(key, (map.get(key) ?? 0) | bit);
}
