import { setImmediate } from 'node:timers/promises';
import type { Store } from '../../store/store.ts';
import type { ImportedSystem } from '../../store/terminology/store.ts';
import type { Concept, Selection } from '../../store/terminology/types.ts';
import { valuesOf } from './decide.ts';
import { wholePattern } from './pattern.ts';

/** Names of properties that a concept has by its nature, as the tables keep them. */
export const indexedProperties = (concept: Concept): (readonly [name: string, value: string])[] => [
  ...concept.parents.map(parent => ['parent', parent] as const),
  ['inactive', String(concept.inactive)],
  ['notSelectable', String(concept.abstract)],
  ...(concept.display === undefined ? [] : [['display', concept.display.slice(0, longestValue)] as const]),
  ...concept.properties.flatMap(({ code }) =>
    valuesOf(concept, code).map(value => [code, value.slice(0, longestValue)] as const),
  ),
];

/** Characters of a value that filters find a concept by: databases limit the size of a key. */
export const longestValue = 256;

const scanned = 2000;

/**
 * A selection as the database can decide it: codes and their ancestors become conditions on codes, and regular
 * expressions, which no index answers, the list of the codes that match.
 */
export async function forDatabase(
  store: Pick<Store, 'terminology'>,
  system: ImportedSystem,
  selection: Selection,
): Promise<Selection> {
  const again = (one: Selection) => forDatabase(store, system, one);
  switch (selection.kind) {
    case 'and':
    case 'or':
      return { kind: selection.kind, of: await Promise.all(selection.of.map(again)) };
    case 'not':
      return { kind: 'not', of: await again(selection.of) };
    case 'property':
      if (isCode(selection.name)) return { kind: 'codes', codes: selection.values };
      return { ...selection, values: selection.values.map(value => value.slice(0, longestValue)) };
    case 'exists':
      return isCode(selection.name) ? { kind: 'all' } : selection;
    case 'matches':
      return { kind: 'codes', codes: await matching(store, system, selection) };
    default:
      return selection;
  }
}

const isCode = (name: string): boolean => name === 'code' || name === 'concept';

const found = new WeakMap<ImportedSystem, Map<string, Promise<readonly string[]>>>();

/** Each expression is tried on a system once. */
function matching(
  store: Pick<Store, 'terminology'>,
  system: ImportedSystem,
  { name, pattern }: Extract<Selection, { kind: 'matches' }>,
): Promise<readonly string[]> {
  const ofSystem = found.get(system) ?? new Map<string, Promise<readonly string[]>>();
  found.set(system, ofSystem);
  const key = `${name} ${pattern}`;
  let codes = ofSystem.get(key);
  if (!codes) {
    if (ofSystem.size >= 20) ofSystem.clear();
    codes = scan(store, system.num, name, wholePattern(pattern));
    ofSystem.set(key, codes);
    codes.catch(() => ofSystem.delete(key));
  }
  return codes;
}

async function scan(
  { terminology }: Pick<Store, 'terminology'>,
  num: number,
  name: string,
  pattern: RegExp,
): Promise<readonly string[]> {
  const codes: string[] = [];
  let last = '';
  for (;;) {
    const concepts = await terminology.scan(num, last, scanned);
    for (const concept of concepts)
      if (valuesOf(concept, name).some(value => pattern.test(value))) codes.push(concept.code);
    last = concepts.at(-1)?.code ?? '';
    if (concepts.length < scanned) return codes;
    // Others get their turn meanwhile.
    await setImmediate();
  }
}

/** Everything that a selection says it depends on and that is not held. */
export function unknownsOf(selection: Selection): string[] {
  switch (selection.kind) {
    case 'unknown':
      return [selection.what];
    case 'and':
    case 'or':
      return selection.of.flatMap(unknownsOf);
    case 'not':
      return unknownsOf(selection.of);
    default:
      return [];
  }
}

/** The codes that a selection can have at most, where it lists them; undefined: any of the system. */
export function listedCodes(selection: Selection): readonly string[] | undefined {
  switch (selection.kind) {
    case 'codes':
      return selection.codes;
    case 'and':
      return selection.of.map(listedCodes).find(codes => codes !== undefined);
    case 'or': {
      const all = selection.of.map(listedCodes);
      return all.every(codes => codes !== undefined) ? [...new Set(all.flat())] : undefined;
    }
    default:
      return undefined;
  }
}
