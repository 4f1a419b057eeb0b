import type { Concept, Selection } from '../../store/terminology/types.ts';
import type { MemoryCodes } from './memory-codes.ts';
import { wholePattern } from './pattern.ts';
import type { Membership } from './terminology.ts';

/**
 * Whether a selection has a code, in three values (Kleene): what depends on something that is not held is `unknown`.
 *
 * @param codes the code system; absent: not held, so that only codes that are listed can be decided
 */
export function decide(selection: Selection, code: string, codes: MemoryCodes | undefined): Membership {
  const concept = codes?.find(code);
  if (codes?.complete && !concept) return 'out';
  return decideWithin(selection, concept?.code ?? code, concept, codes);
}

function decideWithin(
  selection: Selection,
  code: string,
  concept: Concept | undefined,
  codes: MemoryCodes | undefined,
): Membership {
  const again = (one: Selection) => decideWithin(one, code, concept, codes);
  switch (selection.kind) {
    case 'and':
      return every(selection.of.map(again));
    case 'or':
      return invert(every(selection.of.map(one => invert(again(one)))));
    case 'not':
      return invert(again(selection.of));
    case 'codes':
      return listed(selection.codes, code, codes) ? 'in' : 'out';
    case 'unknown':
      return 'unknown';
    default:
      if (!concept || !codes) return 'unknown';
      if (holds(selection, concept, codes)) return 'in';
      return codes.complete ? 'out' : 'unknown';
  }
}

function listed(list: readonly string[], code: string, codes: MemoryCodes | undefined): boolean {
  if (setOf(list).has(code)) return true;
  return codes?.caseSensitive === false && list.some(one => codes.find(one)?.code === code);
}

const sets = new WeakMap<readonly string[], ReadonlySet<string>>();

function setOf(list: readonly string[]): ReadonlySet<string> {
  const set = sets.get(list) ?? new Set(list);
  sets.set(list, set);
  return set;
}

const invert = (one: Membership): Membership => (one === 'in' ? 'out' : one === 'out' ? 'in' : 'unknown');

function every(all: readonly Membership[]): Membership {
  if (all.includes('out')) return 'out';
  return all.includes('unknown') ? 'unknown' : 'in';
}

/** Of selections that look at one concept of a system. */
function holds(selection: Selection, concept: Concept, codes: MemoryCodes): boolean {
  switch (selection.kind) {
    case 'all':
      return true;
    case 'below':
      if (codes.find(selection.code)?.code === concept.code) return selection.self;
      return codes.below(selection.code).has(concept.code);
    case 'above':
      return codes.above(selection.code).has(concept.code);
    case 'property':
      return valuesOf(concept, selection.name, codes).some(value => selection.values.includes(value));
    case 'exists':
      return valuesOf(concept, selection.name, codes).length > 0;
    case 'matches': {
      const pattern = wholePattern(selection.pattern);
      return valuesOf(concept, selection.name, codes).some(value => pattern.test(value));
    }
    default:
      return false;
  }
}

/** The values of a property as text; what a concept is in itself counts as its properties, too. */
export function valuesOf(concept: Concept, name: string, codes?: MemoryCodes): string[] {
  switch (name) {
    case 'code':
    case 'concept':
      return [concept.code];
    case 'display':
      return concept.display === undefined ? [] : [concept.display];
    case 'definition':
      return concept.definition === undefined ? [] : [concept.definition];
    case 'parent':
      return [...concept.parents];
    case 'child':
      return [...(codes?.children(concept.code) ?? [])];
    case 'inactive':
      return [String(concept.inactive)];
    case 'notSelectable':
      return [String(concept.abstract)];
    default:
      return concept.properties.filter(one => one.code === name).map(one => textOf(one.value));
  }
}

export const textOf = (value: Concept['properties'][number]['value']): string =>
  typeof value === 'object' ? value.code : String(value);
